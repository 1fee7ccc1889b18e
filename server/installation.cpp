#include "installation.hpp"

#include "files/quota/quota.hpp"
#include "identity/directory.hpp"
#include "identity/groups.hpp"
#include "identity/people.hpp"
#include "identity/structure_detail.hpp"
#include "sharing/purge.hpp"

#include <algorithm>
#include <iterator>

namespace preau::server {
namespace {

mail::Options mail_options(const Configuration& configuration, const std::string& public_url) {
    auto options = configuration.mail;
    options.public_url = public_url;
    return options;
}

std::unique_ptr<db::Database> open_migrated(const DataDirectory& directory, const Configuration& configuration) {
    auto database = open_database(directory, configuration);
    database->migrate(all_migrations());
    identity::fill_directory(*database);
    identity::fill_structure_order(*database);
    identity::sort_groups(*database);
    return database;
}

} // namespace

std::vector<db::Migration> all_migrations() {
    std::vector<db::Migration> all;
    for (auto part : {identity::migrations(), jobs::migrations(), blob::migrations(), mail::migrations(),
                      preview::migrations(), sharing::migrations(), files::migrations(), portal::migrations()})
        std::ranges::move(part, std::back_inserter(all));
    return all;
}

std::unique_ptr<db::Database> open_database(const DataDirectory& directory, const Configuration& configuration) {
    if (configuration.on_sqlite()) return db::open_sqlite({.file = directory.database()});
    return db::open_postgres({.connection = configuration.database});
}

Site::Site(const DataDirectory& directory, const Configuration& configuration, std::uint16_t port)
    : db{open_migrated(directory, configuration)}, lease{*db, clock, random}, ids{clock, lease.node(), lease.floor()},
      identity{*db, clock, ids, random}, jobs{*db, clock, ids},
      world{.clock = clock, .ids = ids, .random = random, .jobs = jobs, .link_seal = identity.signing_key("link-seal")},
      blobs{blob::open_local({.directory = directory.blobs()})}, pages{{}, false},
      addresses{.public_url = configuration.public_address(port),
                .content_url = configuration.content_address(port),
                .admins_show_second_factor = configuration.second_factor_for_admins},
      mail{*db, jobs, clock, ids, mail_options(configuration, addresses.public_url)}, outgoing{configuration.outgoing},
      providers{configuration.providers, outgoing, clock, random, addresses.public_url},
      gate{sharing::make_gate(*db, world, identity, pages, addresses)},
      audit{*db, world, {.anchor_file = directory.path() / "audit.head"}}, sharing{.db = *db,
                                                                                   .world = world,
                                                                                   .identity = identity,
                                                                                   .pages = pages,
                                                                                   .kinds = kinds,
                                                                                   .options = addresses,
                                                                                   .mail = mail},
      previews{*db, *blobs, *sandbox, clock, ids}, files{.db = *db,
                                                         .world = world,
                                                         .blobs = *blobs,
                                                         .identity = identity,
                                                         .pages = pages,
                                                         .kinds = kinds,
                                                         .gate = *gate,
                                                         .addresses = addresses,
                                                         .previews = &previews},
      portal_{.db = *db,
              .world = world,
              .identity = identity,
              .pages = pages,
              .kinds = kinds,
              .gate = *gate,
              .public_url = addresses.public_url,
              .metrics = [] { return std::string{}; },
              .mail = mail,
              .preview_abilities = [this] { return previews.abilities(); },
              .admins_show_second_factor = configuration.second_factor_for_admins,
              .spaces = {.of_person = [this](db::Tx& tx, PersonId person) -> std::optional<portal::SpaceKeeper::Space> {
                             const auto space = sharing::find_personal_space(tx, person);
                             if (!space) return std::nullopt;
                             const auto quota = files::quota_of(tx, files.limits.quota, *space);
                             return portal::SpaceKeeper::Space{*space, quota.used, quota.limit};
                         },
                         .set_limit = [](db::Tx& tx, ItemId space,
                                         std::optional<std::int64_t> limit) { files::set_quota(tx, space, limit); }},
              .content_url = addresses.content_url,
              .providers = &providers,
              .blobs = blobs.get(),
              .previews = &previews} {
    files.limits.quota = configuration.quota;
    sharing::add_own_kinds(kinds);
    portal::add_kinds(kinds);
    files::open(files);
    sharing::install_purge(*db, world, kinds, configuration.trash_days * 1_days);
    add_tiles(configuration.tiles);
    portal::open(portal_);
    portal::preload(pages);
    portal::install_timers(portal_);
    web::asset_routes(router);
    sharing::sharing_routes(router, sharing);
    portal::routes(router, portal_);
    files::routes(router, files);
}

// Routine jobs refer to blobs and identity, which stand below jobs and go first.
Site::~Site() {
    mail.stop();
    sandbox->stop(); // what is being converted is not waited for
    jobs.stop();
}

void Site::add_tiles(const std::vector<Tile>& tiles) {
    for (const auto& tile : tiles)
        pages.add_service({.name = tile.name_fr, .href = tile.address, .hue = tile.hue, .icon = tile.icon},
                          {.name = tile.name_en, .href = tile.address, .hue = tile.hue, .icon = tile.icon});
}

} // namespace preau::server
