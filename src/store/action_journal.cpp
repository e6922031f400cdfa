#include "action_journal.hpp"

#include "tag_set.hpp"

namespace valija::store {
namespace {

Action read_action(const Statement& row) {
  Action action;
  action.id = row.integer(0);
  action.time = row.integer(1);
  action.label = row.text(2);
  action.place_tag = row.text(3);
  action.messages = static_cast<std::uint64_t>(row.integer(4));
  action.is_undone = row.integer(5) != 0;
  return action;
}

}  // namespace

Result<void> ActionJournal::prepare(Database& database) {
  return database.prepare({
      {&put_, "INSERT INTO action(time, label, place_tag, messages) VALUES(?, ?, ?, ?)"},
      {&put_effect_, "INSERT INTO action_effect(action, position, messages, added, dropped) VALUES(?, ?, ?, ?, ?)"},
      {&put_move_, "INSERT INTO action_move(action, position, message, came_from, went_to) VALUES(?, ?, ?, ?, ?)"},
      {&find_, "SELECT id, time, label, place_tag, messages, undone FROM action WHERE id = ?"},
      {&effects_, "SELECT messages, added, dropped FROM action_effect WHERE action = ? ORDER BY position"},
      {&moves_, "SELECT message, came_from, went_to FROM action_move WHERE action = ? ORDER BY position"},
      {&newest_done_, "SELECT id FROM action WHERE undone = 0 ORDER BY id DESC LIMIT 1"},
      {&last_undone_, "SELECT id FROM action WHERE undone = 1 AND id > (SELECT ifnull(max(id), 0) FROM action WHERE undone = 0) ORDER BY id LIMIT 1"},
      {&set_undone_, "UPDATE action SET undone = ? WHERE id = ?"},
      {&forget_, "DELETE FROM action WHERE id = ?"},
      {&forget_undone_, "DELETE FROM action WHERE undone = 1 AND id NOT IN (SELECT action FROM asked_change)"},
      // The newest always stays; of the others a thousand, and with them a million messages.
      {&trim_,
       "DELETE FROM action WHERE id NOT IN (SELECT action FROM asked_change) AND id IN (SELECT id FROM (SELECT id, row_number() OVER newer AS place, "
       "sum(messages) OVER newer AS total FROM action WINDOW newer AS (ORDER BY id DESC)) WHERE place > 1000 OR (total > 1000000 AND place > 1))"},
      {&list_, "SELECT id, time, label, place_tag, messages, undone FROM action ORDER BY id DESC LIMIT ?"},
  });
}

Result<void> ActionJournal::put(Database& database, Action& action) {
  if (Result<void> forgotten = forget_undone_.start().run(); !forgotten) return forgotten;
  put_.start().bind(std::int64_t{action.time}).bind(action.label).bind(action.place_tag).bind(static_cast<std::int64_t>(action.messages));
  if (Result<void> stored = put_.run(); !stored) return stored;
  action.id = database.last_row();
  std::int64_t position = 0;
  for (const TagEffect& effect : action.effects) {
    put_effect_.start().bind(action.id).bind(position++).bind(to_lines(effect.ids)).bind(to_lines(effect.add)).bind(to_lines(effect.remove));
    if (Result<void> stored = put_effect_.run(); !stored) return stored;
  }
  position = 0;
  for (const FolderMove& move : action.moves) {
    put_move_.start().bind(action.id).bind(position++).bind(move.id).bind(move.from).bind(move.to);
    if (Result<void> stored = put_move_.run(); !stored) return stored;
  }
  return trim_.start().run();
}

Result<std::optional<Action>> ActionJournal::find(std::int64_t id) {
  const Result<bool> found = find_.start().bind(id).step();
  if (!found) return fail(found.error());
  if (!*found) return std::optional<Action>();
  Action action = read_action(find_);
  find_.start();
  if (Result<void> read = read_parts(action); !read) return fail(std::move(read).error());
  return std::optional(std::move(action));
}

Result<void> ActionJournal::read_parts(Action& action) {
  effects_.start().bind(action.id);
  Result<bool> row = effects_.step();
  for (; row && *row; row = effects_.step()) {
    action.effects.push_back({from_lines(effects_.text(0)), from_lines(effects_.text(1)), from_lines(effects_.text(2))});
  }
  if (!row) return fail(row.error());
  moves_.start().bind(action.id);
  for (row = moves_.step(); row && *row; row = moves_.step()) {
    action.moves.push_back({std::string(moves_.text(0)), std::string(moves_.text(1)), std::string(moves_.text(2))});
  }
  return row ? Result<void>() : fail(row.error());
}

Result<std::int64_t> ActionJournal::newest_done() { return number(newest_done_); }
Result<std::int64_t> ActionJournal::last_undone() { return number(last_undone_); }

Result<std::int64_t> ActionJournal::number(Statement& statement) {
  const Result<bool> found = statement.start().step();
  if (!found) return fail(found.error());
  const std::int64_t id = *found ? statement.integer(0) : 0;
  statement.start();
  return id;
}

Result<void> ActionJournal::set_undone(std::int64_t id, bool is_undone) {
  return set_undone_.start().bind(std::int64_t{is_undone ? 1 : 0}).bind(id).run();
}

Result<void> ActionJournal::forget(std::int64_t id) { return forget_.start().bind(id).run(); }

Result<std::vector<Action>> ActionJournal::list(std::size_t count) {
  std::vector<Action> actions;
  list_.start().bind(static_cast<std::int64_t>(count));
  Result<bool> row = list_.step();
  for (; row && *row; row = list_.step()) actions.push_back(read_action(list_));
  if (!row) return fail(row.error());
  return actions;
}

}  // namespace valija::store
