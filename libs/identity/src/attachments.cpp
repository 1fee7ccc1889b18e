#include "identity/attachments.hpp"

#include "attachment_store.hpp"
#include "directory_words.hpp"
#include "guest_store.hpp"
#include "structure_detail_store.hpp"
#include "structure_store.hpp"

#include <algorithm>

namespace preau::identity {
namespace {

void begin(db::Tx& tx, const Attachment& attachment) {
    store::insert_function(tx, attachment.person, attachment.structure, attachment.function);
    enter_function(tx, attachment.person, attachment.structure);
    store::stand_below(tx, attachment.person, attachment.structure);
}

// What the function gave goes with it, unless another period of the same one is in force.
void end(db::Tx& tx, const Attachment& attachment) {
    if (store::another_in_force(tx, attachment)) return;
    store::delete_function(tx, attachment.person, attachment.structure, attachment.function);
    leave_function(tx, attachment.person, attachment.structure);
    store::leave_below(tx, attachment.person, attachment.structure);
    store::choose_main_structure(tx, attachment.person, attachment.structure);
}

} // namespace

bool well_formed_function(std::string_view function) {
    constexpr std::size_t longest = 40;
    return !function.empty() && function.size() <= longest && std::ranges::all_of(function, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
    });
}

void add_function(db::Tx& tx, PersonId person, StructureId structure, std::string_view function) {
    const Attachment made{.person = person, .structure = structure, .function = std::string{function}};
    if (store::overlaps(tx, made)) return;
    store::insert_attachment(tx, made);
    store::set_attachment(tx, made); // there was one since always, which ended: it goes on
    begin(tx, made);
}

Result<Attachment> give_function(db::Tx& tx, const NewFunction& form, Millis now) {
    using enum Attachment::State;
    if (!well_formed_function(form.function)) return invalid("function", "identity.function_malformed");
    if (!store::find_structure(tx, form.structure)) return not_found("identity.structure");
    // A function would open to a guest what their sponsor may not give (docs/adr/0014).
    if (store::guest_structure(tx, form.person)) return fail(Error::Kind::Conflict, "identity.guest_function");
    if (store::closed_at(tx, form.structure)) return fail(Error::Kind::Conflict, "identity.structure_closed");
    Attachment made{.person = form.person,
                    .structure = form.structure,
                    .function = form.function,
                    .from_at = form.from_at ? form.from_at : now,
                    .until_at = form.until_at,
                    .state = form.from_at > now ? ToCome : InForce,
                    .given_by = form.given_by};
    if (made.until_at && (*made.until_at <= made.from_at || *made.until_at <= now))
        return invalid("until", "identity.function_dates");
    if (store::overlaps(tx, made)) return fail(Error::Kind::Conflict, "identity.function_there", "function");
    if (store::find_attachment(tx, made)) made.from_at = now; // ended earlier on its first day: it begins anew
    store::insert_attachment(tx, made);
    if (made.state == InForce) begin(tx, made);
    return made;
}

Result<Attachment> set_function_end(db::Tx& tx, const Attachment& which, std::optional<Millis> until, Millis now) {
    using enum Attachment::State;
    auto found = store::find_attachment(tx, which);
    if (!found || found->state == Over) return not_found("identity.function");
    const auto before = found->state;
    if (before == ToCome && until && *until > now && *until <= found->from_at)
        return invalid("until", "identity.function_dates");
    found->until_at = until;
    if (until && *until <= now) {
        found->until_at = now;
        found->state = Over;
    }
    store::set_attachment(tx, *found);
    if (before == InForce && found->state == Over) end(tx, *found);
    return *found;
}

void end_functions_in(db::Tx& tx, StructureId structure, Millis now) {
    constexpr int at_once = 500;
    for (;;) {
        const auto some = store::attachments_in(tx, structure, at_once);
        for (const auto& attachment : some) (void)set_function_end(tx, attachment, now, now);
        if (std::ssize(some) < at_once) return;
    }
}

std::vector<AttachmentLine> functions_of(db::Tx& tx, PersonId person, int limit) {
    std::vector<AttachmentLine> lines;
    for (auto& row : store::attachments_of(tx, person, limit))
        lines.push_back({.attachment = {.person = row.person,
                                        .structure = row.structure,
                                        .function = std::move(row.function),
                                        .from_at = row.from_at,
                                        .until_at = row.until_at,
                                        .state = row.state,
                                        .given_by = row.given_by},
                         .structure_name = std::move(row.structure_name)});
    return lines;
}

int turn_attachments(db::Tx& tx, Millis now, int limit) {
    using enum Attachment::State;
    int turned = 0;
    for (auto attachment : store::to_begin(tx, now, limit)) {
        // The server was down for its whole time: it never was in force.
        const bool passed = attachment.until_at && *attachment.until_at <= now;
        attachment.state = passed ? Over : InForce;
        store::set_attachment(tx, attachment);
        if (!passed) begin(tx, attachment);
        ++turned;
    }
    for (auto attachment : store::to_end(tx, now, limit)) {
        attachment.state = Over;
        store::set_attachment(tx, attachment);
        end(tx, attachment);
        ++turned;
    }
    return turned;
}

} // namespace preau::identity
