// People as an administrator sees them: who works where since when, the state of the account, and never what is in it.
#pragma once

#include "identity/attachments.hpp"
#include "identity/people_list.hpp"
#include "portal/admin/admin.hpp"

#include <vector>

namespace preau::portal {

// Rules. Each asks for the right in the transaction that acts, and writes what was done into the journal. Errors of
// all: admin.none, identity.person, identity.not_within_reach; of the account: those of identity::require_command.
struct PersonActs {
    Portal& portal;
    Viewer viewer;
    Millis now = 0;

    // In one's part of the tree: at once a function in it, so that the account is administered by somebody. Answers the
    // token of a first sign-in.
    struct Created {
        PersonId person;
        std::string token;
    };
    Result<Created> create(db::Tx& tx, const identity::NewPerson& form, const identity::NewFunction& first) const;
    // Whom one reaches, or (from a structure's page) anybody by login or mail address.
    Result<identity::Attachment> give_function(db::Tx& tx, const identity::NewFunction& form) const;
    Result<identity::Attachment> end_function(db::Tx& tx, const identity::Attachment& which,
                                              std::optional<Millis> until) const;
    Result<void> close(db::Tx& tx, PersonId person) const;
    Result<void> open(db::Tx& tx, PersonId person) const;
    Result<std::string> make_link(db::Tx& tx, PersonId person) const; // token, 15 minutes, once
    Result<void> end_sessions(db::Tx& tx, PersonId person) const;
    // A letter to the person, who alone can finish it. Errors: those of start_reset (signin/reset.hpp).
    Result<void> reset_factors(db::Tx& tx, PersonId person) const;
    // What offends; its person may choose another. Errors: portal.picture_gone.
    Result<void> remove_picture(db::Tx& tx, PersonId person) const;
    Result<void> set_quota(db::Tx& tx, PersonId person, std::optional<std::int64_t> bytes) const;
    Result<void> set_administrator(db::Tx& tx, PersonId person, bool on) const;
};

// What the address or name that somebody typed means, in what they administer: an id, a UAI, or the words of a name
// that only one has. Errors: admin.structure_unknown, admin.structure_ambiguous.
Result<StructureId> structure_typed(db::Tx& tx, const identity::Rights& rights, std::string_view typed);
// A login or a mail address. Errors: identity.person.
Result<PersonId> person_typed(db::Tx& tx, std::string_view typed);

struct KindCount {
    std::string kind;
    std::int64_t count = 0;
};
PREAU_DESCRIBE(KindCount, kind, count)
namespace store {
// How many things of each kind somebody made, of the latest 10,000: support sees that they exist.
std::vector<KindCount> things_of(db::Tx& tx, PersonId person);
PersonId person_of_mail(db::Tx& tx, std::string_view mail_key);
void end_sessions(db::Tx& tx, PersonId person);
std::int64_t session_count(db::Tx& tx, PersonId person, Millis now);
} // namespace store

// Shared by list, page and API.
std::vector<AdminChoice> function_choices(const web::Locale& locale, std::string_view chosen,
                                          std::string_view none_key);
Task<http::Response> person_page(Portal& portal, http::Request& request, PersonId id, std::optional<Error> problem,
                                 std::string link = {});

void preload_people(web::Pages& pages);
void people_routes(http::Router& routes, Portal& portal); // list and page
void person_act_routes(http::Router& routes, Portal& portal);
void preload_people_list(web::Pages& pages);
void people_list_routes(http::Router& routes, Portal& portal);
void preload_person(web::Pages& pages);
void preload_person_new(web::Pages& pages);
void person_page_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
