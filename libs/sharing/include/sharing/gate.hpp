// The gatekeeper of the server: session cookie, app password or link cookie → Viewer; Host, origin and access checks;
// rate limits; how refusals look.
#pragma once

#include "http/rate.hpp"
#include "http/server.hpp"
#include "identity/sessions.hpp"
#include "sharing/link.hpp"
#include "web/pages.hpp"

#include <memory>

namespace preau::sharing {

const Viewer& viewer(const http::Request& request); // of an admitted request
web::Language language(const http::Request& request); // chosen by account, cookie or browser
web::Shell shell(const http::Request& request, std::string title_key_text); // filled for this viewer
// "Familles de 6e B" while a manager looks at pages as they would, else empty: nothing can be changed then.
std::string seen_as(const http::Request& request);

struct GateOptions {
    std::string public_url;  // scheme, host and port that people use, without a slash at the end
    std::string content_url; // second origin of uploaded bytes; empty: none
    http::RateRules rates = {};
    bool admins_show_second_factor = true; // within the last twelve hours, for every route of Access::Admin
};
// Also puts the key that seals links into `world` (sharing/tree.hpp).
std::unique_ptr<http::Gatekeeper> make_gate(db::Database& db, World& world, identity::Identity& identity,
                                            const web::Pages& pages, GateOptions options);

// The cookie that holds link passes and a nickname, signed by the server: written when a link is opened.
struct Passes {
    std::vector<LinkId> links; // at most 40, oldest dropped
    std::string nickname;
};
Passes read_passes(const http::Request& request, const identity::Identity& identity);
void write_passes(http::Response& response, const http::Request& request, const identity::Identity& identity,
                  const Passes& passes);

// Bytes on `content_url`: signed, short-lived, bound to the viewer's session or link, checked with can() again when
// used, so that withdrawal acts at once (docs/adr/0006-content-addresses.md).
struct ContentAddress {
    ItemId item;
    std::string variant; // "download", "inline"
};
// "https://content.…/content/ITEM/VARIANT?e=…&w=…&s=…", good for one to two hours. The app that owns the kind has the
// route:
//   routes.get("/content/{item}/download", {Access::Guest, …, .origin = Origin::Content}, …)  → content_viewer(), then
//   can()
std::string content_address(const http::Request& request, const identity::Identity& identity,
                            const GateOptions& options, const ContentAddress& what, Millis now);
// The viewer that the signature names, resolved anew. Errors: content.expired (Gone), content.signature (Forbidden).
Result<Viewer> content_viewer(db::Tx& tx, const identity::Identity& identity, const http::Request& request,
                              const ContentAddress& what, Millis now);

} // namespace preau::sharing
