// One installation, opened: records, bytes, people, pages, apps and routes, wired together. `serve` puts an HTTP server
// in front of it; the command line uses it directly when no server runs.
#pragma once

#include "blob/blob_store.hpp"
#include "configuration.hpp"
#include "data_directory.hpp"
#include "files/files.hpp"
#include "http/server.hpp"
#include "identity/node_lease.hpp"
#include "identity/providers.hpp"
#include "identity/sessions.hpp"
#include "jobs/jobs.hpp"
#include "mail/mail.hpp"
#include "portal/portal.hpp"
#include "preview/preview.hpp"
#include "sandbox/sandbox.hpp"
#include "sharing/audit.hpp"
#include "sharing/gate.hpp"
#include "sharing/kinds.hpp"
#include "sharing/routes.hpp"
#include "web/pages.hpp"

#include <memory>

namespace preau::server {

// Members are destroyed in reverse order: whoever uses another stands below it.
class Site {
public:
    // Opens and migrates. The cost does not grow with the data. Throws db::Failure when the database cannot be opened.
    Site(const DataDirectory& directory, const Configuration& configuration, std::uint16_t port);
    ~Site();

    void set_metrics(std::function<std::string()> metrics) { portal_.metrics = std::move(metrics); }

    // First: it forks, which a process does before it has threads. Construct a Site before any other.
    std::unique_ptr<sandbox::Sandbox> sandbox = sandbox::Sandbox::start();
    SystemClock clock;
    SystemRandom random;
    std::unique_ptr<db::Database> db;
    identity::NodeLease lease;
    IdSource ids;
    identity::Identity identity;
    jobs::Jobs jobs; // started by `serve` alone
    sharing::World world;
    std::unique_ptr<blob::BlobStore> blobs;
    web::Pages pages;
    sharing::Kinds kinds;
    sharing::GateOptions addresses;
    mail::Mail mail;
    http::Client outgoing;
    identity::Providers providers;
    std::unique_ptr<http::Gatekeeper> gate;
    sharing::Audit audit;
    sharing::Sharing sharing;
    preview::Previews previews;
    files::Files files;
    http::Router router;

private:
    void add_tiles(const std::vector<Tile>& tiles);
    portal::Portal portal_;
};

// Of every library and app, in the order of their levels.
std::vector<db::Migration> all_migrations();
std::unique_ptr<db::Database> open_database(const DataDirectory& directory, const Configuration& configuration);

} // namespace preau::server
