#include "valija/print/pdf.hpp"

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <langinfo.h>
#include <pango/pangocairo.h>

#include <cstdint>
#include <memory>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::print {
namespace {

constexpr double margin = 56;  // about 2 cm
constexpr double footer = 24;
constexpr double points_of_a_millimetre = 72 / 25.4;

struct Release {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
  void operator()(PangoLayoutIter* lines) const { pango_layout_iter_free(lines); }
};
template <typename Thing>
using Handle = std::unique_ptr<Thing, Release>;

cairo_status_t collect(void* file, const unsigned char* octets, unsigned int size) {
  static_cast<std::string*>(file)->append(reinterpret_cast<const char*>(octets), size);
  return CAIRO_STATUS_SUCCESS;
}

double to_points(int pango_units) { return static_cast<double>(pango_units) / PANGO_SCALE; }

/// Draws lines from top to bottom, and goes on on the next page.
class Pages {
 public:
  Pages(cairo_t* cairo, const Paper& paper) : cairo_(cairo), paper_(paper) {}

  void write(std::string_view text, const char* font) {
    const Handle<PangoLayout> layout = lay_out(text, font);
    pango_layout_set_width(layout.get(), static_cast<int>((paper_.width - 2 * margin) * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    const Handle<PangoLayoutIter> lines(pango_layout_get_iter(layout.get()));
    do {
      PangoRectangle place;
      pango_layout_iter_get_line_extents(lines.get(), nullptr, &place);
      draw(pango_layout_iter_get_line_readonly(lines.get()), place, pango_layout_iter_get_baseline(lines.get()));
    } while (!is_full() && pango_layout_iter_next_line(lines.get()));
  }

  void leave_room(double points) { y_ += points; }

  /// Once, after everything. False: not all of it had room.
  bool finish() {
    if (!is_full()) end(std::to_string(page_));
    return !is_full();
  }

 private:
  bool is_full() const { return page_ > most_pages; }

  void end(const std::string& words_below) {
    const Handle<PangoLayout> below = lay_out(words_below, "Serif 9");
    PangoRectangle place;
    pango_layout_get_extents(below.get(), nullptr, &place);
    cairo_move_to(cairo_, (paper_.width - to_points(place.width)) / 2, paper_.height - margin + footer - to_points(place.height));
    pango_cairo_show_layout(cairo_, below.get());
    cairo_show_page(cairo_);
  }

  Handle<PangoLayout> lay_out(std::string_view text, const char* font) const {
    Handle<PangoLayout> layout(pango_cairo_create_layout(cairo_));
    const Handle<PangoFontDescription> description(pango_font_description_from_string(font));
    pango_layout_set_font_description(layout.get(), description.get());
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    return layout;
  }

  void draw(PangoLayoutLine* line, const PangoRectangle& place, int baseline) {
    const double height = to_points(place.height);
    if (y_ + height > paper_.height - margin) {
      end(page_ < most_pages ? std::to_string(page_) : fmt::format(fmt::runtime(_("{}: the rest of the text is not in this file.")), page_));
      ++page_;
      y_ = margin;
    }
    if (is_full()) return;
    cairo_move_to(cairo_, margin + to_points(place.x), y_ + to_points(baseline - place.y));
    pango_cairo_show_layout_line(cairo_, line);
    y_ += height;
  }

  cairo_t* cairo_;
  const Paper paper_;
  double y_ = margin;
  int page_ = 1;
};

}  // namespace

Paper paper_of_locale() {
  // glibc hands out the millimetres as the pointer itself.
  const auto millimetres = [](nl_item item) { return static_cast<double>(reinterpret_cast<std::uintptr_t>(nl_langinfo(item)) & 0xffffffff); };
  const Paper paper{millimetres(_NL_PAPER_WIDTH) * points_of_a_millimetre, millimetres(_NL_PAPER_HEIGHT) * points_of_a_millimetre};
  const bool is_usable = paper.width > 4 * margin && paper.height > 4 * margin && paper.width < 5000 && paper.height < 5000;
  return is_usable ? paper : Paper();
}

Result<Pdf> to_pdf(std::string_view title, std::string_view text, const Paper& paper) {
  Pdf pdf;
  const Handle<cairo_surface_t> surface(cairo_pdf_surface_create_for_stream(collect, &pdf.octets, paper.width, paper.height));
  const std::string name = clean(title);
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, name.c_str());
  const Handle<cairo_t> cairo(cairo_create(surface.get()));
  Pages pages(cairo.get(), paper);
  if (!name.empty()) {
    pages.write(name, "Serif Bold 14");
    pages.leave_room(8);
  }
  pages.write(clean_lines(text), "Serif 10.5");
  pdf.is_cut = !pages.finish();
  cairo_surface_finish(surface.get());
  const cairo_status_t status = cairo_surface_status(surface.get());
  if (status == CAIRO_STATUS_SUCCESS && cairo_status(cairo.get()) == CAIRO_STATUS_SUCCESS) return pdf;
  return fail(Kind::bug, Blast::message, fmt::format(fmt::runtime(_("The PDF could not be made: {}.")), cairo_status_to_string(status)));
}

}  // namespace valija::print
