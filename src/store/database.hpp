#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "valija/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace valija::store {

/// A prepared statement. `start`, then `bind` in order, then `step` until it says false; then it is ready for the next `start`.
class Statement {
 public:
  Statement() = default;
  Statement& start();
  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view text);
  Statement& bind_null();
  Statement& bind_bytes(std::string_view bytes);
  /// True: a row is there. Its texts are valid until the next call.
  Result<bool> step();
  /// For statements without rows.
  Result<void> run();
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  const std::string* path_ = nullptr;  ///< of the database, which lives longer
  int next_ = 1;
};

/// A connection to an SQLite file: synchronous FULL, mode 0600, waits for other writers. One thread at a time.
class Database {
 public:
  struct Source {
    Statement* statement;
    std::string_view sql;
  };
  static Result<Database> open(const std::string& path);
  Database() = default;

  Result<void> run(const char* sql);
  Result<Statement> prepare(std::string_view sql);
  Result<void> prepare(std::initializer_list<Source> sources);
  std::int64_t last_row() const;
  /// Rows that the last statement inserted, updated or deleted.
  std::int64_t changes() const;
  const std::string& path() const { return *path_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<std::string> path_;
  std::unique_ptr<sqlite3, Close> database_;
};

/// Everything between `begin` and `commit`, or nothing of it.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  /// On disk afterwards. After an error it is not known whether it is: read again.
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace valija::store
