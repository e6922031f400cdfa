#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>

#include "valija/base/channel.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"
#include "valija/workers/part_filters.hpp"
#include "valija/workers/render_service.hpp"

namespace valija::workers {

/// The thread that gives mail to other programs, and shows what they make of it: OpenPart, OpenLink, BrowseMessage, PipeMessage, ViewPart, SaveParts,
/// ExportMessages and PrintMessage, one after the other. It has a render process of its own, so that an open message waits for no
/// command; that runs only while it is used.
class OutsideWorker {
 public:
  struct Options {
    std::string open_with{};   ///< for /bin/sh, as the settings have it; gets one argument. auto: by mailcap, else xdg-open
    std::string print_with{};  ///< for /bin/sh; reads the text
    std::string directory{};   ///< for opened attachments, each process in a folder of its own; at the start those of processes that are gone go. Empty: nothing is opened
    PartFilters filters = PartFilters();
    std::string pdf_program = program_beside_us("valija-print");
    int pipe_timeout_ms = 120'000;
    std::function<Result<std::unique_ptr<RenderService>>()> start = [] { return RenderService::start({}); };
  };
  OutsideWorker(Options options, Channel<messages::Event>& events);
  OutsideWorker(const OutsideWorker&) = delete;
  OutsideWorker& operator=(const OutsideWorker&) = delete;
  /// Ends a command that runs; programs that were opened live on.
  ~OutsideWorker();

  /// Any thread. One of the requests above, or Cancel for one that waits or is carried out.
  void post(messages::Request request);

 private:
  struct Quit {};
  struct Asked {
    messages::Request request;
    std::stop_source stop;
  };
  using Order = std::variant<Asked, Quit>;
  using Answer = Result<messages::Event>;

  /// The path of a program that is installed in the directory of this one.
  static std::string program_beside_us(const std::string& name);

  void work(std::stop_token stop);
  template <typename Request>
  void answer(const Request& request, std::stop_token stop);
  void forget(messages::RequestId id, const std::stop_source& stop);
  Answer carry_out(const messages::OpenPart& request, std::stop_token stop);
  Answer carry_out(const messages::OpenLink& request, std::stop_token stop);
  Answer carry_out(const messages::BrowseMessage& request, std::stop_token stop);
  Answer carry_out(const messages::PipeMessage& request, std::stop_token stop);
  Answer carry_out(const messages::ViewPart& request, std::stop_token stop);
  Answer carry_out(const messages::SaveParts& request, std::stop_token stop);
  Answer carry_out(const messages::ExportMessages& request, std::stop_token stop);
  Answer carry_out(const messages::PrintMessage& request, std::stop_token stop);

  Result<void> open(const std::string& target, std::stop_token stop);
  /// A new private file with a name of theirs, given to the program for its type.
  Answer open_octets(messages::RequestId id, const std::string& octets, const std::string& type, const std::string& name, std::stop_token stop);
  Result<void> print(const std::string& text, std::stop_token stop);
  Result<void> write_pdf(const std::string& path, const std::string& title, const std::string& text, std::stop_token stop);
  Result<RenderService*> service();
  Result<Fd> open_part(const std::vector<std::string>& files, const std::string& number);

  Options options_;
  std::mutex mutex_;
  std::map<messages::RequestId, std::stop_source> stops_;  ///< by `mutex_`: of what waits or is carried out
  Channel<messages::Event>& events_;
  Channel<Order> orders_;
  std::unique_ptr<RenderService> service_;
  std::jthread thread_;
};

}  // namespace valija::workers
