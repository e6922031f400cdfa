#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"
#include "valija/index/reader.hpp"
#include "valija/mail/address_book.hpp"
#include "valija/mail/identity.hpp"
#include "valija/mime/correspondents.hpp"
#include "valija/store/people.hpp"

namespace valija::workers {

/// Whom one message makes known: of mine everybody it went to, of others its authors; mail of lists and programs makes them known but counts nothing.
/// `is_sent`: it lies among sent mail.
std::vector<Person> people_of(const mime::Correspondents& message, const std::vector<Identity>& identities, bool is_sent, UnixTime now);

/// Brings what mail history knows of people up to date with the index, each message once, whatever happens to its tags and files. What is counted is
/// durable slice by slice, so that an interrupted scan goes on where it was. One thread.
class PeopleScan {
 public:
  struct Options {
    index::Location location;
    std::string state_dir;
    std::vector<Identity> identities;
  };
  struct Found {
    bool starts_anew = false;  ///< what was known is of an index that is gone
    std::vector<Person> people;
  };

  PeopleScan(Options options, const Clock& clock) : options_(std::move(options)), clock_(clock) {}

  /// Tells what is new. Without an index there is nothing to do; an error, or a stop, leaves the rest for the next scan.
  Result<void> run(const std::stop_token& stop, const std::function<void(Found)>& tell);

 private:
  struct Pending {
    std::string id;
    std::vector<std::string> paths;
    bool is_sent = false;
  };

  Result<bool> open();
  Result<store::People::Mark> begin(const std::function<void(Found)>& tell);
  Result<index::Reader::Changes> collect(std::uint64_t since, const std::stop_token& stop, std::vector<Pending>& pending);
  Result<void> count(const std::vector<Pending>& pending, const store::People::Mark& mark, const std::stop_token& stop, const std::function<void(Found)>& tell);
  Result<void> add(std::vector<store::People::Letter>& letters, const store::People::Mark& mark, const std::function<void(Found)>& tell);

  const Options options_;
  const Clock& clock_;
  std::unique_ptr<index::Reader> reader_;
  std::unique_ptr<store::People> people_;
  bool is_done_ = false;
};

}  // namespace valija::workers
