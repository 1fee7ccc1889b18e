#include "year_ended.hpp"

#include "archive_store.hpp"
#include "link_store.hpp"

#include "identity/school_year.hpp"
#include "identity/structure_detail.hpp"
#include "sharing/gate.hpp"

namespace preau::sharing {
namespace {

constexpr std::string_view year_ended_template = "sharing/pages/year_ended_page.html";

} // namespace

std::optional<YearEnded> find_year_ended(db::Tx& tx, GroupId group) {
    const auto closed = identity::closed_class(tx, group);
    const auto found = closed ? identity::find_group(tx, group) : std::nullopt;
    if (!found) return std::nullopt;
    YearEnded ended{.name = found->name, .year = closed->year};
    if (const auto structure = identity::find_structure(tx, found->structure)) {
        ended.structure = structure->name;
        auto card = identity::card_of(tx, structure->id);
        ended.mail = std::move(card.mail);
        ended.phone = std::move(card.phone);
        ended.address = std::move(card.address);
        ended.web = std::move(card.web);
    }
    ended.has_contact = !ended.mail.empty() || !ended.phone.empty() || !ended.address.empty() || !ended.web.empty();
    return ended;
}

std::optional<YearEnded> find_year_ended(db::Tx& tx, const std::vector<LinkId>& passes) {
    if (passes.empty()) return std::nullopt;
    const auto group = store::ended_class(tx, passes);
    return group ? find_year_ended(tx, *group) : std::nullopt;
}

std::optional<YearEnded> find_year_ended(db::Tx& tx, std::string_view token) {
    const auto found = token.size() > 128 ? std::nullopt : store::link_by_token(tx, sha256(token));
    return found && found->link.group ? find_year_ended(tx, found->link.group) : std::nullopt;
}

http::Response year_ended_page(const web::Pages& pages, const http::Request& request, const YearEnded& ended) {
    auto filled = shell(request, web::Locale::of(language(request)).text("link.class_ended_title"));
    filled.kind = web::Shell::Kind::Family;
    filled.structure_name = ended.structure;
    auto response = pages.page(filled, year_ended_template, ended, 410);
    response.headers.set("Cache-Control", "no-store"); // the class may be opened again tomorrow
    response.headers.set("X-Robots-Tag", "noindex");
    return response;
}

void preload_year_ended(web::Pages& pages) { pages.preload<YearEnded>(year_ended_template); }

} // namespace preau::sharing
