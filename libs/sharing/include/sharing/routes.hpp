// Pages and API of sharing that every app uses: share links (/s/…), the share dialog (/share/ITEM) and its API.
#pragma once

#include "mail/mail.hpp"
#include "sharing/gate.hpp"
#include "sharing/kinds.hpp"

namespace preau::sharing {

// What the handlers share. Everything is owned by the server and outlives the routes.
struct Sharing {
    db::Database& db;
    World& world;
    identity::Identity& identity;
    web::Pages& pages;
    const Kinds& kinds; // filled by the apps before the first request
    GateOptions options;
    mail::Mail& mail;
};

void sharing_routes(http::Router& routes, Sharing& sharing); // also loads the pages, so that a mistake stops the start

// Where a page about this item, or a class's page, lets anybody say what is wrong with it: Shell::report.
std::string report_address(ItemId item);
std::string report_address(GroupId class_id);

// A clean SVG with the quiet zone of ISO/IEC 18004; `label` is its accessible name.
std::string qr_svg(std::string_view text, std::string_view label);

} // namespace preau::sharing
