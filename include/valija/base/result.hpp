#pragma once

#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

#include "valija/base/error.hpp"

namespace valija {

/// What a function returns to fail: `return Unexpected(error)`; converts to any Result.
class Unexpected {
 public:
  explicit Unexpected(Error error) : error_(std::move(error)) {}
  Error&& take() { return std::move(error_); }

 private:
  Error error_;
};

/// A value or the Error that explains its absence: the names and meaning of std::expected (g++ 12 has none in C++20).
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Unexpected unexpected) : state_(std::in_place_index<1>, unexpected.take()) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return get(); }
  const T& value() const& { return get(); }
  T&& value() && { return std::move(get()); }
  T& operator*() & { return get(); }
  const T& operator*() const& { return get(); }
  T&& operator*() && { return std::move(get()); }
  T* operator->() { return &get(); }
  const T* operator->() const { return &get(); }

  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

  template <typename U>
  T value_or(U&& fallback) const& {
    return has_value() ? get() : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  T& get() { return std::get<0>(state_); }
  const T& get() const { return std::get<0>(state_); }

  std::variant<T, Error> state_;
};

/// Success without a value.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Unexpected unexpected) : error_(unexpected.take()), failed_(true) {}

  bool has_value() const { return !failed_; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const& { return error_; }
  Error&& error() && { return std::move(error_); }

 private:
  Error error_;
  bool failed_ = false;
};

/// Shorthand for `return fail(Kind::disk, Blast::folder, "...", "...")`.
inline Unexpected fail(Error error) { return Unexpected(std::move(error)); }
inline Unexpected fail(Kind kind, Blast blast, std::string message, std::string hint = {}) {
  return Unexpected(Error{kind, blast, std::move(message), std::move(hint)});
}

}  // namespace valija
