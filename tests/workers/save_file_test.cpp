#include "valija/workers/save_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <stop_token>
#include <thread>

#include "valija/base/fd.hpp"

using namespace valija;
using workers::save_new_file;

namespace {

class Folder {
 public:
  Folder() {
    std::array<char, 32> name{"/tmp/valija-save-XXXXXX"};
    path_ = mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string saved_name(std::string_view name) {
  const Folder folder;
  const auto path = save_new_file(folder.path(), name, "x");
  REQUIRE(path);
  CHECK(std::filesystem::path(*path).parent_path() == folder.path());
  return std::filesystem::path(*path).filename();
}

}  // namespace

TEST_CASE("a part is saved under its own name with mode 0600") {
  const Folder folder;
  const auto path = save_new_file(folder.path(), "informe año.pdf", std::string_view("octets\0inside", 13));
  REQUIRE(path);
  CHECK(*path == folder.path() + "/informe año.pdf");
  struct stat status {};
  REQUIRE(stat(path->c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(*read_file(*path, 100) == std::string_view("octets\0inside", 13));
}

TEST_CASE("nothing is overwritten: the next free number is taken") {
  const Folder folder;
  CHECK(*save_new_file(folder.path(), "a.tar", "1") == folder.path() + "/a.tar");
  CHECK(*save_new_file(folder.path(), "a.tar", "2") == folder.path() + "/a-1.tar");
  CHECK(*save_new_file(folder.path(), "a.tar", "3") == folder.path() + "/a-2.tar");
  CHECK(*read_file(folder.path() + "/a.tar", 10) == "1");
}

TEST_CASE("a link that lies in wait is not followed") {
  const Folder folder;
  const std::string target = folder.path() + "/target";
  REQUIRE(symlink(target.c_str(), (folder.path() + "/a.txt").c_str()) == 0);
  CHECK(*save_new_file(folder.path(), "a.txt", "1") == folder.path() + "/a-1.txt");
  CHECK_FALSE(std::filesystem::exists(target));
}

TEST_CASE("hostile names become one harmless component") {
  CHECK(saved_name("../../.ssh/authorized_keys") == "_.._.ssh_authorized_keys");
  CHECK(saved_name("/etc/passwd") == "_etc_passwd");
  CHECK(saved_name("-rf") == "rf");
  CHECK(saved_name("..") == "part");
  CHECK(saved_name("") == "part");
  CHECK(saved_name(".bashrc") == "bashrc");
  CHECK(saved_name("a\nb\x1b[31m.txt").find('\x1b') == std::string::npos);
  CHECK(saved_name(std::string(5'000, 'x')).size() <= 255);
  CHECK(saved_name("invoice\xe2\x80\xae"
                   "fdp.exe") == "invoicefdp.exe");
}

TEST_CASE("a name that is too long keeps its ending") {
  const std::string long_stem(300, 'a');
  CHECK(saved_name(long_stem + ".pdf") == std::string(196, 'a') + ".pdf");
  CHECK(saved_name(std::string(196, 'a') + ".jar" + std::string(51, 'b') + ".pdf") == std::string(196, 'a') + ".pdf");
  CHECK(saved_name(long_stem) == std::string(200, 'a'));
  std::string letters;
  for (int i = 0; i < 100; ++i) letters += "e\xcc\x81";  // é as two characters
  CHECK(saved_name(letters + ".txt") == letters.substr(0, 195) + ".txt");
}

TEST_CASE("an ending that is too long is cut, and becomes no other one") {
  CHECK(saved_name(std::string(196, 'a') + ".jar" + std::string(60, 'b')) == std::string(168, 'a') + ".jar" + std::string(27, 'b') + "_");
  const std::string padded = saved_name(std::string(196, 'a') + ".jar" + std::string(60, ' ') + "b");
  CHECK(padded.ends_with("_"));
  CHECK(padded.size() <= 200);
  CHECK(saved_name("a." + std::string(300, 'b')).starts_with("a.bbb"));
}

TEST_CASE("saving is stopped within a file, and leaves nothing of it") {
  int ends[2] = {-1, -1};
  REQUIRE(pipe(ends) == 0);
  const Fd from(ends[0]);
  Fd to(ends[1]);
  std::stop_source stop;
  std::size_t got = 0;
  std::jthread reader([&] {
    std::array<char, 4096> buffer;
    for (ssize_t some = 1; some > 0; some = read(from.get(), buffer.data(), buffer.size())) {
      got += static_cast<std::size_t>(some);
      if (got > (1U << 20)) stop.request_stop();
    }
  });
  const auto written = workers::write_until_stopped(to.get(), "pipe", std::string(8U << 20, 'x'), stop.get_token());
  to.reset();
  reader.join();
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == Kind::cancelled);
  CHECK(got < (4U << 20));
  const Folder folder;
  CHECK(save_new_file(folder.path(), "a.txt", "1", stop.get_token()).error().kind == Kind::cancelled);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a folder that cannot be written is a disk error that names the path") {
  const auto path = save_new_file("/nonexistent-folder", "a.txt", "1");
  REQUIRE_FALSE(path);
  CHECK(path.error().kind == Kind::disk);
  CHECK(path.error().message.find("/nonexistent-folder/a.txt") != std::string::npos);
  CHECK(path.error().hint.find("Make the folder") != std::string::npos);
}
