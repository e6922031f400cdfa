#include <doctest/doctest.h>

#include "store/store_scene.hpp"
#include "valija/store/draft_files.hpp"

namespace valija::store {
namespace {

using test::Scene;

/// A synced account, and a message beside it.
struct Delivery {
  Scene scene;
  std::string file;

  Delivery() {
    scene.server().add(test::mail(9));
    scene.options.policy.to_server = true;
    REQUIRE(scene.pass());
    file = scene.scratch / "message";
    Scene::put(file, test::mail(1));
  }
  Result<std::string> deliver(const char* name = "7.outbox", const char* folder = "Sent", const char* front = "") const {
    return store::deliver(scene.places.mail_root, "work", folder, file, name, "S", front);
  }
};

}  // namespace

TEST_CASE("a message is delivered whole, once, wherever it moved to since, and the next sync sends it up") {
  Delivery delivery;
  const auto path = delivery.deliver();
  REQUIRE(path);
  CHECK(*path == delivery.scene.directory("Sent") + "/cur/7.outbox:2,S");
  CHECK(Scene::content(*path) == test::mail(1));
  CHECK(delivery.deliver().value() == *path);
  const std::string answered = delivery.scene.directory("Sent") + "/cur/7.outbox:2,RS";
  std::filesystem::rename(*path, answered);
  CHECK(delivery.deliver().value() == answered);
  CHECK(Scene::names(delivery.scene.directory("Sent") + "/tmp").empty());
  delivery.scene.server("Sent");
  REQUIRE(delivery.scene.pass());
  CHECK(delivery.scene.server_bodies("Sent") == std::map<std::string, int>{{test::mail(1), 1}});
}

TEST_CASE("lines go in front, and what a killed process left is written again") {
  Delivery delivery;
  REQUIRE(delivery.deliver("6.outbox"));
  Scene::put(delivery.scene.directory("Sent") + "/tmp/7.outbox", "half");
  const auto path = delivery.deliver("7.outbox", "Sent", "Bcc: eva@example.org\r\n");
  REQUIRE(path);
  CHECK(Scene::content(*path) == "Bcc: eva@example.org\r\n" + test::mail(1));
}

TEST_CASE("nothing is delivered into a tree that is not in place, nor outside of it") {
  Delivery delivery;
  CHECK(!delivery.deliver("7.outbox", "../other"));
  CHECK(!delivery.deliver("7.outbox", ""));
  std::filesystem::remove_all(delivery.scene.places.mail_root + "/work/.valija");
  const auto unmarked = delivery.deliver();
  REQUIRE(!unmarked);
  CHECK(unmarked.error().kind == Kind::try_later);
  std::filesystem::remove_all(delivery.scene.places.mail_root);
  CHECK(delivery.deliver().error().kind == Kind::try_later);
  CHECK(!std::filesystem::exists(delivery.scene.places.mail_root));
}

TEST_CASE("a message that cannot be read is delivered nowhere") {
  Delivery delivery;
  delivery.file += "-missing";
  CHECK(!delivery.deliver());
  CHECK(Scene::names(delivery.scene.directory("Sent") + "/cur").empty());
}

}  // namespace valija::store
