#include "grant_detail.hpp"

#include "base/json.hpp"
#include "right_form.hpp"

namespace preau::sharing {
namespace {

struct GrantDetail {
    std::string subject_kind;
    std::optional<std::string> subject, role;
    std::optional<bool> deposit;
    std::optional<Millis> until;
};
PREAU_DESCRIBE(GrantDetail, subject_kind, subject, role, deposit, until)

struct LinkDetail {
    LinkId link;
    std::string role;
    std::optional<bool> deposit;
    std::optional<Millis> until;
};
PREAU_DESCRIBE(LinkDetail, link, role, deposit, until)

std::string word_of(Subject::Kind kind) {
    constexpr std::string_view words[] = {"",       "person", "group",    "structure", "signed-in",
                                          "public", "link",   "families", "function"};
    return std::string{words[static_cast<std::size_t>(kind)]};
}

} // namespace

std::string grant_detail(const Grant& grant) {
    GrantDetail detail{.subject_kind = word_of(grant.subject_kind)};
    if (grant.subject != 0) detail.subject = to_base32(grant.subject);
    if (grant.role != Role::None) {
        detail.role = word_of(grant.role);
        detail.deposit = grant.deposit;
        detail.until = grant.until;
    }
    return json::text_of(detail);
}

std::string link_detail(const Link& link) {
    return json::text_of(
        LinkDetail{.link = link.id, .role = word_of(link.role), .deposit = link.deposit, .until = link.until});
}

} // namespace preau::sharing
