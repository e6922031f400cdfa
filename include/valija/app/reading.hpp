#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "valija/app/app.hpp"
#include "valija/app/list_cursor.hpp"
#include "valija/app/part_view.hpp"
#include "valija/app/senders.hpp"

namespace valija::app {

/// What of a message can be opened by its number: an attachment or an enclosed picture by its part, or a link by its target.
struct Thing {
  enum class Kind : std::uint8_t { attachment, picture, link };
  Kind kind = Kind::attachment;
  std::string number;  ///< of the part; of a picture also "1.1#3"
  std::string target;  ///< of a link
  std::string what;    ///< clean
  std::string type{};  ///< of a part
  std::string name{};  ///< of a part: as its sender calls it
};
/// Attachments, pictures, then links, as they are counted from 1; at most 500.
std::vector<Thing> things_of(const Document& document);
/// The number of a link or a picture in things_of; 0: it has none.
std::size_t number_of_link(const std::vector<Thing>& things, const std::string& target);
std::size_t number_of_picture(const std::vector<Thing>& things, const std::string& part);

/// Why opening such a file in a program of its own is a risk; empty: it is none.
std::string doubt_about(const std::string& type, const std::string& name);

/// What is done with one message beside reading its text, and the pages for that: its parts, a part by itself, the senders of newsletters. A part of App,
/// whose requests and state it uses; UI thread.
class Reading {
 public:
  enum class Page : std::uint8_t { none, parts, view, senders };

  explicit Reading(App& app) : app_(app) {}

  // What App asks.
  Page page() const { return is_page_open() ? pages_.back() : Page::none; }
  bool is_page_open() const { return !pages_.empty() && app_.desk_.is_mail_in_front(); }
  /// The context of the keys of the page in front, and its bit for the command table.
  const char* context() const;
  std::uint16_t where() const;
  void lay_out();
  bool move(long rows);
  bool turn(double screens);
  /// Closes the page in front; false: none is open.
  bool close();
  void close_all() { pages_.clear(); }
  /// False: it is not for what is waited for here.
  bool take(messages::Event& event);
  /// What was asked about is not to be done.
  void forget_question() { ways_.clear(), lookups_.clear(), deleted_query_.clear(); }
  /// A request failed; it is said by the caller.
  void failed(messages::RequestId id);
  /// Pixels of a cell where the terminal shows pictures; 0: it shows none.
  void set_cell(int width, int height) { cell_width_ = width, cell_height_ = height; }

  // What is drawn.
  /// Where the page lies: in the reader's place, or over the whole body.
  Area area() const;
  const std::vector<Part>& parts() const { return parts_; }
  const ListCursor& part_cursor() const { return part_cursor_; }
  const PartView* view() const { return view_ ? &*view_ : nullptr; }
  const Senders& senders() const { return senders_; }
  /// A number of a link or a picture is being typed: they show theirs.
  bool numbers_things() const;

  // What the commands do. A number is one of things_of; "#1.2" is a part by its own number.
  void launch(const std::string& arguments);
  void show_part(const std::string& number);
  void save(const std::string& arguments);
  void pipe(const std::string& arguments);
  void show_parts();
  void alternative(const std::string& number);
  void charset(const std::string& name);
  void source();
  void headers(const std::string& wanted);
  void find(const std::string& text);
  void find_next(long direction);
  void scroll_sideways(int columns);
  void follow(const std::string& id);
  void browse();
  void print(const std::string& path);
  void export_to(const std::string& arguments);
  void why();
  void list_archive();
  void unsubscribe(const std::string& arguments);
  void newsletters();
  void categorise();
  void open_sender();
  void mark_sender();
  /// "yes": what was asked about.
  void delete_from_sender(const std::string& arguments);

 private:
  /// The message that is meant: the shown one with a file. Null, and said: there is none.
  const OpenMessage* shown_message();
  /// The file and the thing that a number names; nothing, and said: there is none.
  std::optional<Thing> thing(const std::string& number, bool with_links);
  std::string default_number(const std::string& typed) const;
  void push(Page page);
  void show(PartView view, std::string number = {});
  void ask_to_open(const Thing& thing, const std::string& number, const std::string& doubt);
  void save_all(const std::string& folder);
  void look_up_ways_out();
  void ask_to_unsubscribe();
  void leave_lists();
  void ask_for_senders();
  void say_that_none_is_named();
  void explain(bool knows_sender);
  std::string with_home(const std::string& path) const;
  /// `doing`: what is said while it takes long; empty: nothing.
  template <typename Question>
  void ask(Question question, std::string doing = {}, bool can_stop = false) {
    const messages::RequestId id = app_.office_.ask(std::move(question));
    waiting_.insert(id);
    if (!doing.empty()) app_.begin_work(id, std::move(doing), can_stop);
  }

  void on(messages::PartsSaved& event);
  void on(messages::PartViewed& event);
  void on(messages::OutsideOpened& event);
  void on(messages::MessagePiped& event);
  void on(messages::MessagesExported& event);
  void on(messages::MessagePrinted& event);
  void on(messages::Unsubscribed& event);
  void on(messages::SendersListed& event);
  void on(messages::MessageRendered& event);
  void on(messages::MessagesCounted& event);
  void on(messages::MailCategorised& event);

  /// How one list is left, once its newest message was read.
  struct WayOut {
    std::string name, mailbox, file;
    Unsubscribe how;
    bool is_known = false;
  };

  /// What is said of a message once it is known whether its sender was written to.
  struct Explained {
    CategoryVerdict verdict, verdict_if_known;
    std::vector<std::string> tags;
  };

  App& app_;
  std::vector<Page> pages_;
  std::string file_;  ///< whose parts the page shows
  std::vector<Part> parts_;
  ListCursor part_cursor_;
  std::optional<PartView> view_;
  std::string viewed_, wanted_part_;  ///< the number of the part in it (empty: it is none), and of the one that is waited for
  Senders senders_;
  std::set<messages::RequestId> waiting_;
  messages::RequestId senders_id_ = 0, view_id_ = 0;
  std::map<messages::RequestId, std::size_t> lookups_;  ///< into ways_
  std::vector<WayOut> ways_;
  std::string deleted_query_;  ///< what a yes moves to the trash
  Explained explained_;
  int cell_width_ = 0, cell_height_ = 0;
};

}  // namespace valija::app
