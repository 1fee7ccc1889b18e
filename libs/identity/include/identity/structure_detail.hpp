// What a structure says of itself, what is open in it, and the tree by levels.
#pragma once

#include "identity/people.hpp"

#include <optional>
#include <vector>

namespace preau::identity {

// "ministry", "region", "academy", "department", "district", "school", "service": levels may be left out.
const std::vector<std::string>& structure_kinds();
const std::vector<std::string>& structure_zones(); // where French schools are: "Europe/Paris", "Indian/Reunion"

struct StructureForm {
    std::string name;
    std::string kind;
    std::string uai;  // "0590001A", or empty
    std::string zone; // empty: that of the structure above
};
// Errors of the three: text_too_short and the like for the name, identity.structure_kind, identity.uai_malformed,
// identity.uai_taken (Conflict), identity.zone_unknown, identity.structure, identity.structure_closed.
Result<Structure> found_structure(db::Tx& tx, IdSource& ids, StructureId parent, const StructureForm& form);
Result<Structure> change_structure(db::Tx& tx, StructureId structure, const StructureForm& form);
// Functions in it end; what stands below must be closed before. Its pages stay, and say so. Errors: identity.structure,
// identity.structure_open_below (Conflict). Needs structure_lane, as all that changes the tree.
Result<void> close_structure(db::Tx& tx, StructureId structure, Millis now);
Result<void> open_structure(db::Tx& tx, StructureId structure); // identity.structure_closed: what stands above is

struct StructureCard {
    std::string mail, phone, address, web;
    std::string introduction_fr, introduction_en; // Markdown
};
PREAU_DESCRIBE(StructureCard, mail, phone, address, web, introduction_fr, introduction_en)
StructureCard card_of(db::Tx& tx, StructureId structure);
// Errors: identity.mail_malformed, identity.web_malformed, text_too_long, text_not_utf8.
Result<void> set_card(db::Tx& tx, StructureId structure, const StructureCard& card);

struct Logo {
    std::string type, hash, bytes;
};
PREAU_DESCRIBE(Logo, type, hash, bytes)
inline constexpr std::size_t largest_logo = 200 * 1024;
std::optional<Logo> find_logo(db::Tx& tx, StructureId structure);
std::string logo_hash(db::Tx& tx, StructureId structure); // empty: none
// PNG, JPEG or WebP by its first bytes, whatever its name. Errors: identity.logo_kind, identity.logo_too_large.
Result<void> set_logo(db::Tx& tx, StructureId structure, std::string_view bytes);
void remove_logo(db::Tx& tx, StructureId structure);

// "files", "pads", …: what is closed in a structure is closed below it.
const std::vector<std::string>& service_names();
struct ClosedService {
    std::string service;
    StructureId by; // it, or one above
    std::string by_name;
};
PREAU_DESCRIBE(ClosedService, service, by, by_name)
std::vector<ClosedService> closed_services(db::Tx& tx, StructureId structure); // the highest one that closes each
void set_service(db::Tx& tx, StructureId structure, std::string_view service, bool open);
// Closed in every structure that somebody works in; nothing is for who works nowhere.
std::vector<std::string> services_closed_to(db::Tx& tx, PersonId person);

std::vector<std::string> domains_of(db::Tx& tx, StructureId structure);
// "ac-lille.fr", lower case. Errors: identity.domain_malformed, identity.domain_taken (Conflict).
Result<std::string> add_domain(db::Tx& tx, StructureId structure, std::string_view domain);
bool remove_domain(db::Tx& tx, StructureId structure, std::string_view domain);
StructureId structure_of_mail(db::Tx& tx, std::string_view mail); // by the longest domain that it ends with; none

struct StructureRow { // of a list
    StructureId id;
    StructureId parent;
    std::string name, kind, uai;
    bool closed = false;
    bool has_below = false;
    std::string sort; // with the id: key of the page
};
PREAU_DESCRIBE(StructureRow, id, parent, name, kind, uai, closed, has_below, sort)
struct StructureKey {
    std::string sort;
    StructureId id;
};
enum class Closed { Hidden, Shown };
// Directly below (none: the roots), in French order.
std::vector<StructureRow> structures_below(db::Tx& tx, StructureId parent, const StructureKey& after, int limit,
                                           Closed closed);
std::vector<StructureRow> structures_named(db::Tx& tx, const std::vector<StructureId>& ids);
// Open ones by the words of their names or by their UAI, in or below one of `roots` (a none among them: everywhere);
// `sort` is then the key of the directory. Rows looked at are bounded, so that a page may hold fewer than `limit` and
// still be followed by another: `next`.
struct StructureSearch {
    std::vector<StructureRow> rows;
    std::optional<StructureKey> next;
};
StructureSearch search_structures(db::Tx& tx, std::string_view typed, const std::vector<StructureId>& roots,
                                  const StructureKey& after, int limit);
bool is_closed(db::Tx& tx, StructureId structure);

struct Colleague { // who works in exactly this structure
    PersonId person;
    std::string name, function, sort, picture;
};
PREAU_DESCRIBE(Colleague, person, name, function, sort, picture)
// By function, then by name; keyed by all three. Closed accounts are left out.
std::vector<Colleague> people_in(db::Tx& tx, StructureId structure, const Colleague& after, int limit);

// Gives structures that are older than their sort keys one. One look when there is nothing to do.
void fill_structure_order(db::Database& db);

} // namespace preau::identity
