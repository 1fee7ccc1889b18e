// Rows of what a structure says of itself.
#pragma once

#include "identity/structure_detail.hpp"

namespace preau::identity::store {

bool uai_taken(db::Tx& tx, std::string_view uai, StructureId by_other_than);
void update_structure(db::Tx& tx, const Structure& structure, std::string_view sort_key);
std::optional<Millis> closed_at(db::Tx& tx, StructureId structure);
void set_closed(db::Tx& tx, StructureId structure, std::optional<Millis> at);
bool open_below(db::Tx& tx, StructureId structure);
bool closed_above(db::Tx& tx, StructureId structure);

std::optional<StructureCard> find_card(db::Tx& tx, StructureId structure);
void put_card(db::Tx& tx, StructureId structure, const StructureCard& card);
std::optional<Logo> find_logo(db::Tx& tx, StructureId structure);
std::string logo_hash(db::Tx& tx, StructureId structure);
void put_logo(db::Tx& tx, StructureId structure, const Logo& logo);
void delete_logo(db::Tx& tx, StructureId structure);

std::vector<ClosedService> closed_services(db::Tx& tx, StructureId structure); // nearest last
void close_service(db::Tx& tx, StructureId structure, std::string_view service);
void reopen_service(db::Tx& tx, StructureId structure, std::string_view service);
std::vector<std::string> services_closed_to(db::Tx& tx, PersonId person);

std::vector<std::string> domains_of(db::Tx& tx, StructureId structure);
bool insert_domain(db::Tx& tx, StructureId structure, std::string_view domain);
bool delete_domain(db::Tx& tx, StructureId structure, std::string_view domain);
StructureId structure_of_domain(db::Tx& tx, std::string_view domain);

std::vector<StructureRow> structures_below(db::Tx& tx, StructureId parent, const StructureKey& after, int limit,
                                           Closed closed);
std::vector<StructureRow> structure_rows(db::Tx& tx, const std::vector<std::int64_t>& ids);
std::vector<StructureId> structures_among(db::Tx& tx, const std::vector<std::int64_t>& ids,
                                          const std::vector<std::int64_t>& roots); // those in or below a root
StructureId structure_of_uai(db::Tx& tx, std::string_view uai);
std::vector<Colleague> people_in(db::Tx& tx, StructureId structure, const Colleague& after, int limit);

struct Unsorted {
    StructureId id;
    std::string name;
};
PREAU_DESCRIBE(Unsorted, id, name)
std::vector<Unsorted> unsorted(db::Tx& tx, int limit);
void set_sort_key(db::Tx& tx, StructureId structure, std::string_view sort_key);

} // namespace preau::identity::store
