// "Signaler": anybody who can see a page may say what is wrong with it; who leads the structure (and administrators)
// answers in one queue. Who cannot see an item learns nothing by reporting it.
#pragma once

#include "sharing/link.hpp"

#include <array>

namespace preau::sharing {

inline constexpr std::array<std::string_view, 6> report_choices{"child",  "violence", "illegal",
                                                                "rights", "wrong",    "other"};
inline constexpr std::size_t longest_report = 2000;
inline constexpr int reports_per_item = 5;     // and hour and network
inline constexpr int reports_per_network = 60; // and hour: a school of 1,000 behind one address still can

struct Target { // what a report is about, for who can see it
    std::int64_t about = 0;
    bool is_class = false;
    std::string title;
    StructureId structure;
    std::string seen_as; // "public", "link", "families", "person", "closed": the door of a link, or a receipt
    LinkId link;
};
// Errors: report.target (NotFound), in the same words for what is not there and what may not be seen.
Result<Target> find_target(db::Tx& tx, const World& world, const Viewer& viewer, ItemId item, GroupId group);
// By the secret of a link, also of one that has ended or asks for a password: whoever holds it was meant to see it. The
// title stays untold.
Result<Target> find_target_of_link(db::Tx& tx, std::string_view token);

// For whoever was shown a page of ours about the item and proved it. The title stays untold.
Result<Target> find_target_with_proof(db::Tx& tx, ItemId item);

struct NewReport {
    std::string choice; // one of report_choices
    std::string words; // up to longest_report characters
    std::string mail; // or empty
    std::string network; // digest of the address of the client
};
// Errors: report.choice, text_too_long, identity.mail_malformed, report.too_many (Throttled). Event report.made.
// The event names nobody, not even who is signed in: who warns is not exposed by it.
Result<void> report(db::Tx& tx, World& world, const Target& target, const NewReport& report);

struct ReportCase {
    std::int64_t about = 0;
    std::string about_kind; // "item", "class"
    StructureId structure;
    std::string title;
    std::string state; // "open", "taken", "closed"
    std::int64_t reports = 0;
    Millis first_at = 0, last_at = 0;
    PersonId taken_by;
    std::string note;
};
PREAU_DESCRIBE(ReportCase, about, about_kind, structure, title, state, reports, first_at, last_at, taken_by, note)
struct ReportRow {
    Id<struct ReportTag> id;
    std::string choice, words, mail, seen_as;
    LinkId link;
    Millis at = 0;
};
PREAU_DESCRIBE(ReportRow, id, choice, words, mail, seen_as, link, at)

// Latest first; `before` is the last case of the page before.
std::vector<ReportCase> report_cases(db::Tx& tx, const Viewer& viewer, bool closed, std::int64_t before, int limit);
// Errors of these: report.unknown (NotFound) for who does not answer for the structure.
Result<ReportCase> find_case(db::Tx& tx, const Viewer& viewer, std::int64_t about);
std::vector<ReportRow> reports_about(db::Tx& tx, std::int64_t about, int limit); // latest first; no rights asked

// For whom answers. Events report.taken, report.closed, report.looked, report.withdrawn.
Result<void> take_case(db::Tx& tx, World& world, const Viewer& viewer, std::int64_t about);
Result<void> close_case(db::Tx& tx, World& world, const Viewer& viewer, std::int64_t about, std::string_view note);
Result<Item> look_at_case(db::Tx& tx, World& world, const Viewer& viewer, std::int64_t about); // as with publishing
// Ends the way on which strangers see the item: no link named: the public grant, wherever above the item it stands;
// else that link. Of a class's page: the class's or a pupil's link, whatever it leads to besides. Only ways that a
// report names. Answers whether there was anything to end.
Result<bool> withdraw_share(db::Tx& tx, World& world, const Viewer& viewer, std::int64_t about, LinkId link);

} // namespace preau::sharing
