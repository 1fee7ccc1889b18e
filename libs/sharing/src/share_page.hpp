// The page of the sharing dialog: what it is made of, and how it is shown. share_routes.cpp says when.
#pragma once

#include "link_form.hpp"
#include "right_form.hpp"
#include "sharing/audience.hpp"
#include "suggestion.hpp"

namespace preau::sharing {

struct SharePage { // read in one transaction
    Item item;
    std::optional<Item> above; // what it stands in, if the viewer may see that
    std::vector<AccessLine> access;
    std::vector<MadeLink> links;
    std::vector<Suggestion> found;
    std::string done_name; // of whom `Done` speaks
};

struct Done { // what just happened, from the address: words only, checked against what is so now
    std::string what; // "given", "changed", "withdrawn", "restricted", "inherits", "revoked"
    std::optional<Subject> to;
    std::string was; // what they could do before: offered back
    std::string was_until; // milliseconds, or empty
    LinkId link;           // that was withdrawn
    int count = 0;
};

struct ShareRequest {
    ItemId item;
    bool searched = false;
    std::string typed; // who is looked for
    Done done;
};

// Errors: sharing.item, sharing.role.
Result<SharePage> find_share_page(db::Tx& tx, const Sharing& sharing, const Viewer& viewer, const web::Locale& locale,
                                  const ShareRequest& wanted);

struct ShareForms { // what was typed, when something is wrong with it
    LinkForm link{.until = "year"};
    LinkId fresh; // made a moment ago
    LinkId changed; // the link that `link` should have become
    std::vector<std::string> to; // whom a right should have been given
    std::string may, until;
    std::optional<Error> problem;
    bool problem_of_link = false;
};
http::Response render_share_page(const Sharing& sharing, const http::Request& request, const SharePage& page,
                                 const ShareRequest& wanted, const ShareForms& forms);

struct LinkRow {
    LinkId id;
    std::string name;    // label, or that it has none
    std::string address; // empty: can no longer be shown
    std::string may;
    std::string until;
    std::string used; // "3 navigateurs sur 5 au plus, dernier passage hier"
    bool has_password = false;
    bool ended = false;
    bool fresh = false;
    // As it stands in the form that changes it.
    std::string label, max_uses, until_at;
    std::vector<Choice> untils;
    std::string change; // "Modifier le lien « 6e B »"
    bool changing = false; // its form stands open, with a problem
    std::string label_problem, password_problem, problem;
};
PREAU_DESCRIBE(LinkRow, id, name, address, may, until, used, has_password, ended, fresh, label, max_uses, until_at,
               untils, change, changing, label_problem, password_problem, problem)
struct Reader { // in whose words and time a page is written
    const web::Locale& locale;
    std::string zone;
    Millis now = 0;
};
LinkRow link_row(const Sharing& sharing, const Reader& reader, const MadeLink& made);

void preload_share_page(web::Pages& pages);

} // namespace preau::sharing
