#include "mailbox.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

namespace valija::index::test {
namespace {

std::string rfc_date(std::int64_t date) {
  const std::time_t time = date;
  std::tm parts = {};
  ::gmtime_r(&time, &parts);
  std::array<char, 64> text = {};
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S +0000", &parts);
  return text.data();
}

}  // namespace

Mailbox::Mailbox() {
  const char* place = std::getenv("TMPDIR");
  std::string pattern = std::string(place == nullptr ? "/tmp" : place) + "/valija-index-XXXXXX";
  root_ = ::mkdtemp(pattern.data());
  for (const char* below : {"/box/cur", "/box/new", "/box/tmp"}) std::filesystem::create_directories(root_ + below);
}

Mailbox::~Mailbox() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

void Mailbox::use_config(const std::string& lines, const std::string& mail_root) {
  config_ = root_ + "/notmuch-config";
  std::ofstream file(config_);
  file << "[database]\npath=" << root_ << "\n";
  if (!mail_root.empty()) file << "mail_root=" << mail_root << "\n";
  file << lines;
}

std::string Mailbox::write(const std::string& name, const std::string& octets) const {
  const std::string path = root_ + "/box/cur/" + name;
  std::ofstream(path, std::ios::binary) << octets;
  return path;
}

std::string Mailbox::message(const std::string& id, const std::string& subject, std::int64_t date, const std::string& fields,
                             const std::string& from) const {
  static int count = 0;
  const std::string name = fmt::format("{}.{}.host:2,", date, ++count);
  return write(name, fmt::format("From: {}\nTo: me@example.org\nSubject: {}\nDate: {}\nMessage-ID: <{}>\n{}\nHello {}.\n", from, subject,
                                 rfc_date(date), id, fields, subject));
}

std::string Mailbox::notmuch(const std::string& arguments) const {
  const std::string command = fmt::format("NOTMUCH_DATABASE={} notmuch --config='{}' {}", root_, config_, arguments);
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::string output;
  std::array<char, 4096> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), got);
  ::pclose(pipe);
  return output;
}

std::unique_ptr<Writer> open_writer(const Mailbox& mail) {
  auto writer = Writer::open(mail.location(), 1000);
  REQUIRE_MESSAGE(writer, writer.error().message);
  return std::move(*writer);
}

}  // namespace valija::index::test
