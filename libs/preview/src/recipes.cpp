#include "recipes.hpp"

#include <array>
#include <filesystem>
#include <unistd.h>

namespace preau::preview {
namespace {

struct Known {
    std::string_view type;
    Kind kind;
    std::string_view library; // of LibreOffice, beside its program
};
constexpr std::string_view writer = "libswlo.so", calc = "libsclo.so", impress = "libsdlo.so";
constexpr std::array known{
    Known{"image/jpeg", Kind::Picture, {}},
    Known{"image/png", Kind::Picture, {}},
    Known{"image/gif", Kind::Picture, {}},
    Known{"image/webp", Kind::Picture, {}},
    Known{"image/tiff", Kind::Picture, {}},
    Known{"image/heic", Kind::Picture, {}},
    Known{"image/avif", Kind::Picture, {}},
    Known{"application/pdf", Kind::Pdf, {}},
    Known{"application/vnd.oasis.opendocument.text", Kind::Zipped, writer},
    Known{"application/vnd.oasis.opendocument.spreadsheet", Kind::Zipped, calc},
    Known{"application/vnd.oasis.opendocument.presentation", Kind::Zipped, impress},
    Known{"application/vnd.oasis.opendocument.graphics", Kind::Zipped, impress},
    Known{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", Kind::Zipped, writer},
    Known{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Kind::Zipped, calc},
    Known{"application/vnd.openxmlformats-officedocument.presentationml.presentation", Kind::Zipped, impress},
    Known{"application/msword", Kind::Office, writer},
    Known{"application/rtf", Kind::Office, writer},
    Known{"application/vnd.ms-excel", Kind::Office, calc},
    Known{"application/vnd.ms-powerpoint", Kind::Office, impress},
    Known{"text/plain", Kind::Plain, {}},
    Known{"text/markdown", Kind::Plain, {}},
    Known{"text/csv", Kind::Plain, {}},
};

const Known* find(std::string_view media_type) {
    const auto bare = media_type.substr(0, media_type.find(';'));
    for (const auto& one : known)
        if (one.type == bare) return &one;
    return nullptr;
}

std::string beside_this_program() {
    std::error_code problem;
    auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
    return (self.parent_path() / "preau-convert").string();
}

bool there(const std::string& program) { return access(program.c_str(), X_OK) == 0; }

constexpr std::string_view no_recipe = "nothing is known to make this of such a file";

} // namespace

Kind kind_of(std::string_view media_type) {
    const auto* one = find(media_type);
    return one ? one->kind : Kind::None;
}

Tools::Tools(sandbox::Sandbox& sandbox, std::string worker)
    : sandbox_{sandbox}, worker_{worker.empty() ? beside_this_program() : std::move(worker)} {}

const Tools::Missing& Tools::missing() const {
    std::call_once(looked_, [this] {
        const auto cage = sandbox_.why_not(sandbox::Profile::Tool);
        missing_.worker = there(worker_) ? sandbox_.why_not(sandbox::Profile::Strict) : worker_ + " is missing";
        const bool poppler = there(pdftocairo) && there(pdftotext);
        missing_.poppler = poppler ? cage : "the package poppler-utils is not installed";
        const auto part = [&cage](std::string_view library, std::string_view package) {
            const auto file = std::filesystem::path{soffice}.parent_path() / library;
            const bool installed = there(soffice) && std::filesystem::exists(file);
            return installed ? cage : "the package " + std::string{package} + " is not installed";
        };
        missing_.writer = part(writer, "libreoffice-writer-nogui");
        missing_.calc = part(calc, "libreoffice-calc-nogui");
        missing_.impress = part(impress, "libreoffice-impress-nogui");
    });
    return missing_;
}

std::string Tools::why_not(What what, std::string_view media_type) const {
    const auto first = [](std::initializer_list<std::string> reasons) {
        for (const auto& reason : reasons)
            if (!reason.empty()) return reason;
        return std::string{};
    };
    const auto* one = find(media_type);
    const auto kind = one ? one->kind : Kind::None;
    const auto& [worker, poppler, no_writer, no_calc, no_impress] = missing();
    const auto& no_office = !one || one->library == writer ? no_writer : one->library == calc ? no_calc : no_impress;
    const bool office = kind == Kind::Zipped || kind == Kind::Office;
    switch (what) {
    case What::Thumbnail:
    case What::Large:
        if (kind == Kind::Picture) return worker;
        if (kind == Kind::Pdf) return first({worker, poppler});
        if (office) return first({worker, poppler, no_office});
        break;
    case What::Face: // of pictures alone: a first page is nobody's face
    case What::Portrait:
        if (kind == Kind::Picture) return worker;
        break;
    case What::Document:
        if (office) return no_office;
        break;
    case What::Text:
        if (kind == Kind::Zipped || kind == Kind::Plain) return worker;
        if (kind == Kind::Pdf) return poppler;
        if (kind == Kind::Office) return first({no_office, poppler});
        break;
    }
    return std::string{no_recipe};
}

bool Tools::can_make(What what, std::string_view media_type) const { return why_not(what, media_type).empty(); }

std::vector<Ability> Tools::abilities() const {
    return {{"pictures", why_not(What::Thumbnail, "image/jpeg")},
            {"PDF", why_not(What::Thumbnail, "application/pdf")},
            {"office documents", why_not(What::Thumbnail, "application/vnd.oasis.opendocument.text")},
            {"spreadsheets", why_not(What::Thumbnail, "application/vnd.oasis.opendocument.spreadsheet")},
            {"presentations", why_not(What::Thumbnail, "application/vnd.oasis.opendocument.presentation")},
            {"text", why_not(What::Text, "text/plain")}};
}

} // namespace preau::preview
