// What may stand for a mail address.
#pragma once

#include <string_view>

namespace preau::identity {

// Not RFC 5321's grammar: only what no mail server would ever deliver to is refused.
bool well_formed_mail(std::string_view mail);

} // namespace preau::identity
