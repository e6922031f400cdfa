// valija-print: text on standard input becomes a PDF on standard output. A program of its own, so that valija itself loads neither Pango nor fonts; run by
// it with a limit of time. The one argument is the title. Where the text has more pages than a PDF gets, the exit code is that of Kind::input.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>

#include "valija/base/fd.hpp"
#include "valija/base/words.hpp"
#include "valija/print/pdf.hpp"

namespace {

constexpr std::size_t longest_text = 16 * 1024 * 1024;

valija::Result<int> run(const char* title) {
  const auto text = valija::read_file("/dev/stdin", longest_text);
  if (!text) return valija::fail(text.error());
  const auto pdf = valija::print::to_pdf(title, *text, valija::print::paper_of_locale());
  if (!pdf) return valija::fail(pdf.error());
  const int error = valija::write_all(STDOUT_FILENO, pdf->octets);
  if (error != 0) return valija::fail(valija::disk_error(valija::_("Writing"), "PDF", error));
  return pdf->is_cut ? valija::exit_status(valija::Kind::input) : 0;
}

}  // namespace

int main(int argc, char** argv) {
  valija::init_words();
  const rlimit memory{1UL << 30, 1UL << 30};
  setrlimit(RLIMIT_AS, &memory);
  const auto done = run(argc > 1 ? argv[1] : "");
  if (done) return *done;
  fmt::print(stderr, "valija-print: {}\n", valija::to_text(done.error()));
  return valija::exit_status(done.error().kind);
}
