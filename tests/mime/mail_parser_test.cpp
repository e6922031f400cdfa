#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "../../src/mime/header_block.hpp"
#include "../../src/mime/message_headers.hpp"
#include "../../src/mime/parameters.hpp"
#include "../../src/mime/part_tree.hpp"
#include "date_json.hpp"
#include "valija/base/text.hpp"
#include "valija/mime/parse.hpp"

using namespace valija;
using nlohmann::json;

namespace {

/// Trees of mail-parser that we do not share, and why.
const std::map<std::string, std::string> other_trees = {
    {"malformed/000", "a part that ends within its headers is a part all the same: theirs are lost"},
    {"malformed/001", "the boundary of an outer multipart ends an inner one whose boundary it only begins with"},
    {"malformed/007", "a multipart may end its headers with its own boundary"},
    {"malformed/008", "as 001"},
    {"malformed/009", "a part behind an inner multipart that was never ended is a part: theirs is text of the one before"},
    {"malformed/011", "as 009"},
    {"malformed/012", "as 009"},
    {"malformed/016", "as 001"},
    {"thirdparty/015", "a message without a body does not hold the next part of the multipart around it"},
};

std::filesystem::path corpus() {
  const char* root = std::getenv("VALIJA_CORPORA");
  return std::filesystem::path(root != nullptr ? root : "../shared/corpora") / "mail-parser";
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

json load(const std::string& name) { return json::parse(read_file(corpus() / "expected" / (name + ".json"))); }

bool has_corpus() {
  if (std::filesystem::is_directory(corpus())) return true;
  MESSAGE("skipped: VALIJA_CORPORA is no directory");
  return false;
}

std::string text_at(const json& object, const char* key) {
  return object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : std::string();
}

/// The header of that name, as what mail-parser says that it is.
json header_of(const json& part, const std::string& name, const char* kind) {
  for (const json& header : part["headers"]) {
    if (header["name"] == name && header["value"].is_object() && header["value"].contains(kind)) return header["value"][kind];
  }
  return nullptr;
}

std::string line_of(int depth, const std::string& kind) { return std::string(static_cast<std::size_t>(depth) * 2, ' ') + kind + '\n'; }

/// One line per part: multipart, message or leaf.
std::string expected_shape(const json& message, std::size_t index, int depth) {
  const json& body = message["parts"][index]["body"];
  if (body.contains("Message")) return line_of(depth, "message") + expected_shape(body["Message"], 0, depth + 1);
  if (!body.contains("Multipart")) return line_of(depth, "leaf");
  std::string shape = line_of(depth, "multipart");
  for (const json& child : body["Multipart"]) shape += expected_shape(message, child.get<std::size_t>(), depth + 1);
  return shape;
}

std::string shape_of(const mime::PartTree& tree) {
  constexpr auto kinds = std::to_array<const char*>({"leaf", "multipart", "message"});
  std::string shape;
  for (const mime::PartNode& node : tree.nodes) shape += line_of(node.depth, kinds[static_cast<std::size_t>(node.kind)]);
  return shape;
}

std::string addresses_of(const json& value) {
  std::string text;
  if (!value.is_object() || !value.contains("List")) return text;
  for (const json& address : value["List"]) text += text_at(address, "name") + "<" + text_at(address, "address") + ">";
  return text;
}

std::string addresses_of(const std::vector<Address>& addresses) {
  std::string text;
  for (const Address& address : addresses) {
    const bool is_word = address.name.empty() && address.mailbox.find('@') == std::string::npos;  // theirs is a name
    text += is_word ? address.mailbox + "<>" : address.name + "<" + address.mailbox + ">";
  }
  return text;
}

}  // namespace

TEST_CASE("messages have the parts that mail-parser finds in them, but for reasons") {
  if (!has_corpus()) return;
  mime::start();
  int compared = 0;
  for (const char* group : {"malformed", "rfc", "thirdparty"}) {
    for (const auto& entry : std::filesystem::directory_iterator(corpus() / "expected" / group)) {
      const std::string name = std::string(group) + "/" + entry.path().stem().string();
      const std::string message = read_file(corpus() / "eml" / (std::string(group) + "__" + entry.path().stem().string() + ".eml"));
      const json expected = load(name);
      CAPTURE(name);
      const bool is_equal = shape_of(mime::read_part_tree(message)) == expected_shape(expected, 0, 0);
      CHECK(is_equal == (other_trees.find(name) == other_trees.end()));
      ++compared;
    }
  }
  CHECK(compared >= 50);
}

TEST_CASE("headers of these messages say what mail-parser reads in them") {
  if (!has_corpus()) return;
  mime::start();
  for (const char* group : {"malformed", "rfc", "thirdparty"}) {
    for (const auto& entry : std::filesystem::directory_iterator(corpus() / "expected" / group)) {
      const std::string name = entry.path().stem().string();
      const std::string message = read_file(corpus() / "eml" / (std::string(group) + "__" + name + ".eml"));
      std::vector<std::string> ignored;
      const auto headers = mime::read_headers(mime::read_header_block(std::string_view(message).substr(mime::envelope_size(message))), ignored);
      const json part = load(std::string(group) + "/" + name)["parts"][0];
      CAPTURE(group);
      CAPTURE(name);
      const json subject = header_of(part, "subject", "Text");
      if (subject.is_string()) CHECK(headers.subject == clean(subject.get<std::string>()));
      const json id = header_of(part, "message_id", "Text");
      if (id.is_string()) CHECK(headers.message_id == id.get<std::string>());
      const json date = header_of(part, "date", "DateTime");
      if (!date.is_null()) CHECK(headers.unix_date == test::date_of(date));
      const json answered = header_of(part, "in_reply_to", "Text");
      if (answered.is_string()) CHECK(headers.in_reply_to == answered.get<std::string>());
      const json from = header_of(part, "from", "Address");
      if (!from.is_null()) CHECK(addresses_of(headers.from) == addresses_of(from));
      const json to = header_of(part, "to", "Address");
      if (to.is_object() && to.contains("List")) CHECK(addresses_of(headers.to) == addresses_of(to));
    }
  }
}

TEST_CASE("types and their parameters are read as mail-parser reads them") {
  if (!has_corpus()) return;
  mime::start();
  for (const json& vector : load("content_type")) {
    const json& expected = vector["expected"];
    const std::string header = vector["header"];
    if (!expected.is_object() || header.starts_with("text/plain/format")) continue;  // that has two subtypes, of which the first one counts for us
    CAPTURE(header);
    const mime::ContentType type(header);
    const std::string subtype = text_at(expected, "c_subtype");
    if (!subtype.empty()) CHECK(type.type() == to_lower_ascii(text_at(expected, "c_type") + "/" + subtype));
    if (!expected.contains("attributes") || !expected["attributes"].is_array()) continue;
    for (const json& attribute : expected["attributes"]) CHECK(type.parameter(text_at(attribute, "name").c_str()) == text_at(attribute, "value"));
  }
}
