// The portal: what a person sees before, between and around the apps. Landing, sign-in, home, account, class page and
// the addresses that operators watch.
#pragma once

#include "http/router.hpp"
#include "http/server.hpp"
#include "identity/sessions.hpp"
#include "mail/mail.hpp"
#include "preview/preview.hpp"
#include "sharing/gate.hpp"
#include "sharing/kinds.hpp"
#include "sharing/link.hpp"
#include "web/pages.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace preau::identity {
struct ImportHooks;
class Providers;
} // namespace preau::identity

namespace preau::portal {

// How much lies in somebody's own space and how much may: what the app that keeps files says, where there is one.
struct SpaceKeeper {
    struct Space {
        ItemId id;
        std::int64_t used = 0, limit = 0;
    };
    std::function<std::optional<Space>(db::Tx&, PersonId)> of_person; // nothing: no space yet
    std::function<void(db::Tx&, ItemId, std::optional<std::int64_t>)> set_limit; // nothing: the default again
};

struct Portal {
    db::Database& db;
    sharing::World& world;
    identity::Identity& identity;
    const web::Pages& pages;
    const sharing::Kinds& kinds;
    http::Gatekeeper& gate;                // how errors look
    std::string public_url;                // without a slash at its end
    std::function<std::string()> metrics;  // Prometheus text of the server
    mail::Mail& mail;
    std::function<std::vector<preview::Ability>()> preview_abilities; // none: nothing has a preview here
    bool admins_show_second_factor = true; // as the gate has it (sharing/gate.hpp)
    SpaceKeeper spaces = {};
    std::string content_url = {}; // second origin, for logos; empty: none
    identity::Providers* providers = nullptr; // who else signs people in; null: nobody
    blob::BlobStore* blobs = nullptr; // of pictures of people; without one, or without previews, none is taken
    preview::Previews* previews = nullptr;
};

std::vector<db::Migration> migrations();
void open(Portal& portal);                            // its jobs: before they are started
void add_kinds(sharing::Kinds& kinds);                // what waits for people in groups
void preload(web::Pages& pages);                      // compiles every page now
void routes(http::Router& routes, Portal& portal);    // the portal must outlive the router
identity::ImportHooks import_hooks(sharing::World& world); // what an import has to tell the pages of classes
// Functions begin and end with the days that were given for them. Before jobs.start(), once per server.
void install_timers(Portal& portal);

} // namespace preau::portal
