// Files: folders, uploads, downloads, the trash, and the page where a family picks up the work and hands it in.
// This is the whole public face of the app: the server builds a `Files`, calls `open` once and adds the routes.
#pragma once

#include "blob/blob_store.hpp"
#include "files/quota/quota.hpp"
#include "http/server.hpp"
#include "identity/sessions.hpp"
#include "preview/preview.hpp"
#include "sharing/gate.hpp"
#include "sharing/kinds.hpp"
#include "sharing/tree.hpp"
#include "web/pages.hpp"

#include <vector>

namespace preau::files {

struct Limits {
    std::uint64_t upload = 50ULL << 30;  // one file of a person: 50 GiB
    std::uint64_t deposit = 2ULL << 30;  // one file of a family: 2 GiB, a phone's long video
    std::uint64_t deposits = 8ULL << 30; // all files of one hand-in together
    int files_at_once = 100;             // in one form post
    QuotaDefaults quota = {};            // of a space as a whole
};

// What the handlers of this app share. Everything is owned by the server and outlives the routes.
struct Files {
    db::Database& db;
    sharing::World& world;
    blob::BlobStore& blobs;
    identity::Identity& identity;
    web::Pages& pages;
    sharing::Kinds& kinds;
    http::Gatekeeper& gate; // says how refusals look
    sharing::GateOptions addresses;
    Limits limits = {};
    preview::Previews* previews = nullptr; // null: nothing has a preview
};

void add_kinds(sharing::Kinds& kinds); // space, trash, folder, handin, file; also for the command line
void open(Files& files); // kinds, service, and every page compiled once, so that a mistake stops the start
void routes(http::Router& router, Files& files);
std::vector<db::Migration> migrations();

} // namespace preau::files
