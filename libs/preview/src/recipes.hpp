// Which tool makes what of which kind of file, and what this machine has.
#pragma once

#include "preview/preview.hpp"

#include <mutex>
#include <string>
#include <string_view>

namespace preau::preview {

enum class Kind { None, Picture, Pdf, Zipped, Office, Plain }; // Zipped: OpenDocument and Office Open XML
Kind kind_of(std::string_view media_type);

class Tools {
public:
    Tools(sandbox::Sandbox& sandbox, std::string worker);
    const std::string& worker() const { return worker_; }
    // Empty: can be made. `what` of `media_type` must be something that a recipe exists for.
    std::string why_not(What what, std::string_view media_type) const;
    bool can_make(What what, std::string_view media_type) const;
    std::vector<Ability> abilities() const;

private:
    struct Missing { // empty: there
        std::string worker, poppler, writer, calc, impress;
    };
    const Missing& missing() const; // looked for once: what is installed later is seen after a restart

    sandbox::Sandbox& sandbox_;
    std::string worker_;
    mutable std::once_flag looked_;
    mutable Missing missing_;
};

inline constexpr auto pdftocairo = "/usr/bin/pdftocairo";
inline constexpr auto pdftotext = "/usr/bin/pdftotext";
inline constexpr auto soffice = "/usr/lib/libreoffice/program/soffice.bin";

} // namespace preau::preview
