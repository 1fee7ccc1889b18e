// Links: secret addresses for somebody without an account. 128 random bits or more, only their hash is stored; a
// link is a subject, its right is a grant row, and revoking it deletes that row: nothing can be cached.
#pragma once

#include "sharing/tree.hpp"

namespace preau::sharing {

struct Link {
    LinkId id;
    ItemId item;    // none for class and pupil links
    GroupId group;  // of class and pupil links: what is shared with the families of that class
    std::string pupil; // name on the roster, of a pupil's link
    Role role = Role::View; // View … Edit, or Deposit alone
    bool deposit = false;   // may also hand in
    std::string label;
    std::optional<Millis> until;
    std::optional<Millis> revoked_at;
    bool has_password = false;
    PersonId made_by;
    Millis created_at = 0;
    std::optional<std::int64_t> max_uses; // browsers that may come by it; nothing: any number
    std::int64_t uses = 0;                // that came
    std::optional<Millis> used_at;        // the last one
    std::string suspended; // why who administers suspended it (suspension.hpp, archive.hpp); empty: nobody did
};
PREAU_DESCRIBE(Link, id, item, group, pupil, role, deposit, label, until, revoked_at, has_password, made_by, created_at,
               max_uses, uses, used_at, suspended)

struct NewLink {
    ItemId item;
    Role role = Role::View;
    bool deposit = false;
    std::string label;
    std::optional<Millis> until;
    std::string password_hash; // PHC string from identity::PasswordPool, empty: none
    std::optional<std::int64_t> max_uses;
};
constexpr std::int64_t most_link_uses = 100'000;
struct MadeLink {
    Link link;
    std::string
        token; // shown to the maker; `/s/TOKEN`. Kept sealed with the server's key so that its maker can copy it again
};
Result<MadeLink> create_link(db::Tx& tx, World& world, const Viewer& viewer, const NewLink& link); // needs Manage
Result<void> revoke_link(db::Tx& tx, World& world, const Viewer& viewer, LinkId link); // needs Manage
// Takes it back, for who pressed the wrong button: within ten minutes. Errors: link.restore_late (Conflict).
Result<void> restore_link(db::Tx& tx, World& world, const Viewer& viewer, LinkId link);
struct LinkChange { // what the link shall be; what it allows stays as it was made
    std::string label;
    std::optional<Millis> until;
    std::optional<std::int64_t> max_uses;
    std::optional<std::string> password_hash; // nothing: as it is; empty: none any more. Who is inside stays inside
};
// Needs Manage. Errors: link.until_past, link.max_uses_impossible, link.revoked, those of check_line for the label.
Result<Link> change_link(db::Tx& tx, World& world, const Viewer& viewer, LinkId link, const LinkChange& change);
std::vector<MadeLink> links_on(db::Tx& tx, const World& world, const Viewer& viewer,
                               ItemId item); // for who may Manage; with tokens
std::optional<MadeLink> find_link(db::Tx& tx, const World& world, LinkId link); // no rights asked
// Class and pupil links, for the demonstration school and the class pages to come.
MadeLink create_class_link(db::Tx& tx, World& world, GroupId group, std::string_view pupil);

struct Opened {
    Link link;
    std::string password_hash; // to be verified by the caller in the password pool
};
// Those of these links that are neither revoked nor suspended nor expired: what the passes of a browser are worth now,
// in one query.
std::vector<Link> valid_links(db::Tx& tx, const std::vector<LinkId>& links, Millis now);
// A viewer with these valid passes on top of what they are already.
void add_passes(Viewer& viewer, const std::vector<Link>& links);
// Counts a browser that takes the pass: exactly `max_uses` succeed, however many come at the same moment. Whoever was
// counted before does not come here again (link_visit.hpp). Errors: link.used_up, link.revoked, link.suspended,
// link.expired (Gone).
Result<void> use_link(db::Tx& tx, LinkId link, Millis now);
// By token. Errors: link.unknown (NotFound), link.expired, link.revoked, link.suspended, link.class_ended (Gone).
Result<Opened> open_link(db::Tx& tx, std::string_view token, Millis now);

} // namespace preau::sharing
