#include "valija/net/post.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "authorities.hpp"
#include "curl_stream.hpp"
#include "dial_error.hpp"
#include "public_address.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t longest_url = 8000;
constexpr int most_redirections = 3;
constexpr const char* body = "List-Unsubscribe=One-Click";

struct FreeUrl {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
struct FreeText {
  void operator()(char* text) const noexcept { curl_free(text); }
};

std::string part_of(const std::string& url, CURLUPart part) {
  const std::unique_ptr<CURLU, FreeUrl> parsed(curl_url());
  char* text = nullptr;
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  if (curl_url_get(parsed.get(), part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  const std::unique_ptr<char, FreeText> owned(text);
  return to_lower_ascii(text);
}

bool is_plain_https(const std::string& url) {
  return url.size() <= longest_url && clean(url) == url && part_of(url, CURLUPART_SCHEME) == "https" && !part_of(url, CURLUPART_HOST).empty() &&
         part_of(url, CURLUPART_USER).empty() && part_of(url, CURLUPART_PASSWORD).empty();
}

bool is_same_host(const std::string& one, const std::string& other) {
  const auto same = [&](CURLUPart part) { return part_of(one, part) == part_of(other, part); };
  return same(CURLUPART_HOST) && same(CURLUPART_PORT);
}

/// What the callbacks of one POST read and write.
struct Attempt {
  const OneClick& click;
  std::stop_token stop;
  steady_clock::time_point deadline;
  bool was_private = false;
};

curl_socket_t open_socket(void* context, curlsocktype, struct curl_sockaddr* address) {
  auto& attempt = *static_cast<Attempt*>(context);
  if (!attempt.click.may_be_private && !is_public(address->addr)) {
    attempt.was_private = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int poll_stop(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Attempt*>(context)->stop.stop_requested() ? 1 : 0;
}

/// Nobody reads it: the answer is the status.
std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

CURLcode prepare_tls(CURL*, void* tls_context, void* context) {
  auto* store = SSL_CTX_get_cert_store(static_cast<SSL_CTX*>(tls_context));
  return trust(store, static_cast<const Attempt*>(context)->click.tls_ca_file, system_authorities()) ? CURLE_OK : CURLE_SSL_CACERT_BADFILE;
}

void set_options(CURL* curl, const std::string& url, Attempt& attempt) {
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  const auto left = std::chrono::ceil<milliseconds>(attempt.deadline - steady_clock::now());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, std::max<long>(left.count(), 1));  // 0: for ever
  require_tls(curl, prepare_tls, &attempt);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &attempt);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, poll_stop);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &attempt);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
}

Unexpected failed(Kind kind, const char* sentence, const std::string& host, const char* hint = "") {
  return fail(kind, Blast::message, fmt::format(fmt::runtime(sentence), host), hint);
}

/// The same words as for a mail server, where they are true of a web server as well.
Unexpected not_sent(const Attempt& attempt, CURL* curl, CURLcode code, const std::string& host) {
  if (attempt.was_private) return failed(Kind::input, _("{} is not on the internet but on a network of one's own: nothing was sent."), host);
  constexpr std::array common = {CURLE_ABORTED_BY_CALLBACK, CURLE_COULDNT_RESOLVE_HOST, CURLE_OPERATION_TIMEDOUT, CURLE_PEER_FAILED_VERIFICATION,
                                 CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CONNECT_ERROR};
  DialFailure failure;
  failure.code = std::find(common.begin(), common.end(), code) == common.end() ? CURLE_COULDNT_CONNECT : code;
  failure.detail = curl_easy_strerror(code);
  failure.host = failure.name = host;
  failure.tls_ca_file = attempt.click.tls_ca_file;
  failure.timeout_ms = attempt.click.timeout_ms;
  curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &failure.verify_result);
  Error error = to_error(failure);
  error.blast = Blast::message;
  error.hint.clear();
  return fail(std::move(error));
}

/// Where the same POST is to go instead; nothing: it was taken.
Result<std::optional<std::string>> post(const OneClick& click, const std::string& url, steady_clock::time_point deadline, const std::stop_token& stop) {
  const std::string host = clean(part_of(url, CURLUPART_HOST));
  const EasyHandle curl(curl_easy_init());
  Attempt attempt{click, stop, deadline};
  if (!curl) return failed(Kind::bug, _("No connection to {}."), host);
  set_options(curl.get(), url, attempt);
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return not_sent(attempt, curl.get(), code, host);
  long status = 0;
  char* target = nullptr;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl.get(), CURLINFO_REDIRECT_URL, &target);
  constexpr long see_other = 303;  // it was done, and there is a page about that
  if (status / 100 == 2 || status == see_other) return std::optional<std::string>();
  if (status / 100 == 3 && target != nullptr) return std::optional<std::string>(target);
  return fail(Kind::try_later, Blast::message, fmt::format(fmt::runtime(_("{} did not unsubscribe you: it answered {}.")), host, status), {});
}

}  // namespace

Result<void> post_one_click(const OneClick& click, const std::stop_token& stop) {
  if (!is_plain_https(click.url)) return failed(Kind::input, _("{} is no address to unsubscribe at."), clean_phrase(click.url.substr(0, 200)));
  std::string url = click.url;
  const auto deadline = steady_clock::now() + milliseconds(click.timeout_ms);
  for (int i = 0; i <= most_redirections; ++i) {
    auto target = post(click, url, deadline, stop);
    if (!target) return fail(std::move(target).error());
    if (!*target) return {};
    if (!is_plain_https(**target) || !is_same_host(**target, url)) break;
    url = **target;
  }
  return failed(Kind::try_later, _("{} sends one on to another address, which was not followed: you may still be subscribed."), clean(part_of(click.url, CURLUPART_HOST)));
}

}  // namespace valija::net
