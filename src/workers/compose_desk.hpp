#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/config/settings.hpp"
#include "valija/mail/draft.hpp"
#include "valija/mail/identity.hpp"
#include "valija/mail/outgoing.hpp"
#include "valija/mail/reply.hpp"
#include "valija/messages/request.hpp"
#include "valija/mime/build.hpp"
#include "valija/store/draft_files.hpp"
#include "valija/store/outbox.hpp"
#include "valija/workers/render_service.hpp"

namespace valija::workers {

/// What composing does to files, one request after the other. One thread.
class ComposeDesk {
 public:
  using RendererFactory = std::function<Result<std::unique_ptr<RenderService>>()>;

  ComposeDesk(const config::Settings& settings, const config::Places& places, const Clock& clock, RendererFactory renderer);

  /// A draft with an id, not on the disk yet.
  Result<Draft> start(const messages::StartDraft& request);
  Result<void> save(Draft draft);
  Result<void> drop(const std::string& draft_id);
  /// Brings to its end what a killed process had begun: an editor's text is taken back, a stored draft goes. What is in the outbox is no draft.
  Result<std::vector<Draft>> left_drafts();
  /// Into the Drafts folder: the new one is durable before the older one goes.
  Result<void> store(const Draft& draft);
  /// Returns the number in the outbox. Kind::input: what a person has to mend first.
  Result<std::int64_t> queue(const Draft& draft, UnixTime due);
  Result<std::int64_t> bounce(const messages::BounceMessage& request);
  Result<std::string> prepare_editor(const Draft& draft, bool with_headers);
  Result<Draft> read_editor(Draft draft, bool with_headers);

 private:
  Result<Draft> make(const messages::StartDraft& request);
  Result<Draft> make_new(const messages::StartDraft& request);
  Result<Original> original_of(const std::vector<std::string>& files);
  Result<Draft> recall(const std::vector<std::string>& files);
  /// The draft in work of a message in a Drafts folder.
  Result<std::optional<Draft>> in_work(const std::vector<std::string>& files);
  /// What an editor left goes into the draft; false: another process has it in its editor.
  bool take_back_edited(Draft& draft);
  /// Stored in the Drafts folder, when the process was killed before the draft in work was gone.
  bool is_stored(Draft& draft);
  /// An error where its text was not taken back: it must not go without it.
  Result<void> nothing_left_by_editor(const Draft& draft) const;
  Result<RenderService*> renderer();
  /// Parts of other mail become files of this draft; the names of [aliases] their members.
  Result<Draft> made_whole(Draft draft);
  Result<std::int64_t> put(const mime::Built& built, Outgoing entry);
  Result<store::Outbox*> outbox();
  std::string with_members(const std::string& recipients) const;
  std::string account_of_file(const std::string& file) const;
  const config::Account* account(const std::string& name) const;
  const Identity* identity(const std::string& account) const;
  mime::BuildOptions build_options(const std::string& from) const;
  ReplyForm form() const;

  const config::Settings& settings_;
  const config::Places& places_;
  const Clock& clock_;
  const RendererFactory make_renderer_;
  const std::vector<Identity> identities_;
  const store::DraftFiles files_;
  std::unique_ptr<RenderService> renderer_;
  std::unique_ptr<store::Outbox> outbox_;
  std::optional<Fd> editor_claim_;
};

}  // namespace valija::workers
