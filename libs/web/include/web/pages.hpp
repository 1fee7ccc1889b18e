// Pages: a template of an app inside the common shell (bar, landmarks, skip link, footer), or bare for families.
#pragma once

#include "http/message.hpp"
#include "web/locale.hpp"
#include "web/template.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace preau::web {

struct ServiceLink { // one entry of the bar's menu, one tile of the home
    std::string name;  // translated
    std::string href;
    std::string hue;   // "files", "pads", …: a class of the style sheet
    std::string icon;  // name in the sprite
};
PREAU_DESCRIBE(ServiceLink, name, href, hue, icon)

struct Shell { // what every page says besides its own content
    Language language = Language::French;
    std::string title;
    enum class Kind { App, Family, Entry } kind = Kind::App; // with the bar; phone-first without; sign-in and landing
    std::string person_name;  // empty for strangers
    std::string initials;     // empty: made from the name
    std::string picture;      // its address (sharing/face.hpp); empty: initials
    bool signed_in = false;
    bool admin = false;
    bool guest = false; // invites nobody, finds nobody
    std::string here;         // path and query of this page, for the language switch
    std::string component;    // script to load, "files/folder" → /assets/files/folder-HASH.js; empty: none
    std::string section;      // hue of the app, marks the current service
    bool private_page = true; // Cache-Control: private, no-store; else the route sets its own
    std::string structure_name; // "Collège Jean-Moulin", the header of the family's page
    std::string shared_by;      // "Camille Bernard", its footer
    std::string seen_as;        // "Familles de 6e B": a bar says that the page is shown as they would see it
    std::string report; // where one says that something is wrong with this page; empty: no such word at its foot
    std::string theme;   // "light", "dark"; empty: as the system says
    std::string density; // "compact"; empty: comfortable
    std::int64_t approvals = 0; // waiting for this person's decision: numbers in the account menu
    std::int64_t reports = 0;
};

class Pages {
public:
    // `development`: templates are read again when they change on disk. Where nothing was embedded (development builds)
    // an empty `source_root` means the tree that the program was built from.
    explicit Pages(std::filesystem::path source_root = {}, bool development = false);
    ~Pages();
    Pages(Pages&&) noexcept;
    void add_service(ServiceLink french, ServiceLink english);
    const std::vector<ServiceLink>& services(Language language) const;
    // Origin that pages may show pictures, videos and frames from: the second origin of uploaded bytes.
    void allow_content_from(std::string origin);

    // `name` is the path below the source root without "apps/" or "libs/": "files/folder/folder_page.html".
    template <class View>
    http::Response page(const Shell& shell, std::string_view name, const View& view, int status = 200) const {
        return page_of(shell, name, view_type<View>(), &view, status);
    }
    // Only the template, without the shell: fragments and mails (libs/mail, mail/letter.hpp).
    template <class View> std::string fragment(Language language, std::string_view name, const View& view) const {
        return fragment_of(language, name, view_type<View>(), &view);
    }
    // Compiles now, so that a mistake stops the start and not a reader. Called by every app for each of its pages.
    template <class View> void preload(std::string_view name) { preload_of(name, view_type<View>()); }

    // What happened, what is safe, what to do. `shell.title` is set here; with Retry-After for 429 and 503.
    http::Response error_page(Shell shell, const Error& error, std::uint64_t request_id) const;

    // For tests: pages and partials of an app ("files") that lie in the source tree and that nothing preloaded.
    std::vector<std::string> never_loaded(std::string_view app) const;

private:
    http::Response page_of(const Shell&, std::string_view, const ViewType&, const void*, int status) const;
    std::string fragment_of(Language, std::string_view, const ViewType&, const void*) const;
    void preload_of(std::string_view, const ViewType&);
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

// The same for who has no Pages at hand; the bar then has no menu of services.
http::Response error_page(Shell shell, const Error& error, std::uint64_t request_id);

// "base.css" → "/assets/base-3f9c….css": content hash in the name, cached for a year. Throws TemplateError if unknown.
std::string asset_url(std::string_view name);

} // namespace preau::web

namespace preau::http {
class Router;
}
namespace preau::web {
void asset_routes(http::Router& routes); // GET /assets/{name...} precompressed (br, gzip), and GET /favicon.ico
} // namespace preau::web
