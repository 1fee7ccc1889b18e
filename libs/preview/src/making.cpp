#include "making.hpp"

#include "base/log.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace preau::preview {
namespace {

using sandbox::Order;
using sandbox::Profile;
using namespace std::chrono_literals;

constexpr std::uint64_t gibibyte = 1ULL << 30, mebibyte = 1ULL << 20;
constexpr std::uint64_t largest_document = 256 * mebibyte; // of PDF and office: copied into the tool's memory
constexpr auto thumbnail_size = "400", large_size = "1600", face_size = "96", portrait_size = "320";

std::unexpected<Error> impossible() { return not_found("preview.impossible"); }
std::unexpected<Error> off() { return fail(Error::Kind::Unavailable, "preview.off"); }

// The one place that says what an end means: ours, or the bytes'.
Result<Dish> judge(const sandbox::Outcome& outcome, Dish dish, const Order& order) {
    using End = sandbox::Outcome::End;
    if (outcome.end == End::NotStarted) {
        log::error("preview {}: {}", order.command.front(), outcome.messages);
        return off();
    }
    if (outcome.end == End::Forbidden) // an attack, or a hole in the filter: either way somebody should look
        log::warn("preview {} tried what the sandbox forbids and was ended", order.command.front());
    if (!outcome.well() || dish.size() == 0) return impossible();
    return dish;
}

Result<Dish> run(sandbox::Sandbox& box, Order order, const Bytes& bytes) {
    Dish dish;
    order.input = bytes.descriptor;
    order.input_offset = bytes.offset;
    order.input_length = bytes.length;
    order.output = dish.descriptor();
    auto outcome = sync_wait(box.run(order));
    return judge(outcome, std::move(dish), order);
}

Result<Dish> by_worker(sandbox::Sandbox& box, const Tools& tools, std::vector<std::string> words, const Bytes& bytes) {
    words.insert(words.begin(), tools.worker());
    return run(box,
               {.profile = Profile::Strict,
                .command = std::move(words),
                .limits = {.memory = 3 * gibibyte, .cpu = 30s, .wall = 60s, .output = 32 * mebibyte}},
               bytes);
}

Result<Dish> picture(sandbox::Sandbox& box, const Tools& tools, What what, const Bytes& bytes) {
    if (what == What::Face || what == What::Portrait)
        return by_worker(box, tools, {"square", what == What::Face ? face_size : portrait_size}, bytes);
    return by_worker(box, tools, {"image", what == What::Large ? large_size : thumbnail_size}, bytes);
}

Result<Dish> first_page(sandbox::Sandbox& box, const Tools& tools, What what, const Bytes& bytes) {
    if (bytes.length > largest_document) return impossible();
    const auto* size = what == What::Large ? large_size : thumbnail_size;
    auto page = TRY(
        run(box,
            {.profile = Profile::Tool,
             .command = {pdftocairo, "-png", "-singlefile", "-f", "1", "-l", "1", "-scale-to", size, "in.pdf", "page"},
             .input_name = "in.pdf",
             .output_name = "page.png",
             .limits = {.memory = gibibyte, .cpu = 20s, .wall = 30s, .output = 32 * mebibyte}},
            bytes));
    return picture(box, tools, what, {page.descriptor(), 0, page.size()});
}

std::string name_for(const std::string& media_type) { // LibreOffice looks at the ending first
    static const std::vector<std::pair<std::string_view, std::string_view>> endings{
        {"opendocument.text", "odt"},
        {"opendocument.spreadsheet", "ods"},
        {"opendocument.presentation", "odp"},
        {"opendocument.graphics", "odg"},
        {"wordprocessingml", "docx"},
        {"spreadsheetml", "xlsx"},
        {"presentationml", "pptx"},
        {"msword", "doc"},
        {"rtf", "rtf"},
        {"ms-excel", "xls"},
        {"ms-powerpoint", "ppt"}};
    for (const auto& [word, ending] : endings)
        if (media_type.contains(word)) return "in." + std::string{ending};
    return "in.bin";
}

Result<Dish> office_to_pdf(sandbox::Sandbox& box, const std::string& media_type, const Bytes& bytes) {
    if (bytes.length > largest_document) return impossible();
    const auto name = name_for(media_type);
    return run(box,
               {.profile = Profile::Tool,
                .command = {soffice, "--headless", "--nolockcheck", "--nologo", "--norestore",
                            "-env:UserInstallation=file:///tmp/profile", "--convert-to", "pdf", "--outdir", "/tmp",
                            "/tmp/" + name},
                .input_name = name,
                .output_name = "in.pdf",
                .own_sockets = true, // it refuses to start without its own pipe
                .again_on = 81,      // "start me again": the profile is made now
                .limits = {.memory = 4 * gibibyte, .cpu = 60s, .wall = 60s, .output = 128 * mebibyte}},
               bytes);
}

Result<Dish> text_of_pdf(sandbox::Sandbox& box, const Bytes& bytes) {
    if (bytes.length > largest_document) return impossible();
    return run(box,
               {.profile = Profile::Tool,
                .command = {pdftotext, "-enc", "UTF-8", "-l", "500", "in.pdf", "text.txt"},
                .input_name = "in.pdf",
                .output_name = "text.txt",
                .limits = {.memory = gibibyte, .cpu = 20s, .wall = 30s, .output = 64 * mebibyte}},
               bytes);
}

} // namespace

Dish::Dish() : descriptor_{memfd_create("preau-preview", MFD_CLOEXEC)} {
    if (descriptor_ < 0) throw std::system_error{errno, std::generic_category(), "memfd_create"};
}
Dish::~Dish() {
    if (descriptor_ >= 0) ::close(descriptor_);
}
Dish::Dish(Dish&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
Dish& Dish::operator=(Dish&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}
std::uint64_t Dish::size() const {
    struct stat is{};
    return fstat(descriptor_, &is) == 0 ? static_cast<std::uint64_t>(is.st_size) : 0;
}

std::string_view type_of(What what) {
    switch (what) {
    case What::Document: return "application/pdf";
    case What::Text: return "text/plain; charset=utf-8";
    default: return "image/webp";
    }
}

Result<Dish> make_dish(sandbox::Sandbox& box, const Tools& tools, What what, Kind kind, const std::string& media_type,
                       const Bytes& bytes) {
    switch (what) {
    case What::Document: return office_to_pdf(box, media_type, bytes);
    case What::Text: {
        if (kind == Kind::Zipped) return by_worker(box, tools, {"text", "office"}, bytes);
        if (kind == Kind::Plain) return by_worker(box, tools, {"text", "plain"}, bytes);
        auto all = TRY(text_of_pdf(box, bytes));
        // Cut and checked like any other text.
        return by_worker(box, tools, {"text", "plain"}, {all.descriptor(), 0, all.size()});
    }
    default: break;
    }
    return kind == Kind::Picture ? picture(box, tools, what, bytes) : first_page(box, tools, what, bytes);
}

} // namespace preau::preview
