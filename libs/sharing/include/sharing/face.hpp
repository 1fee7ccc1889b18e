// Somebody's picture beside their name, or their initials where they have none (web/pages/face.html):
//
//   <span class="face" aria-hidden="true">{{#face}}{{> web/pages/face.html}}{{/face}}</span>
//
// The mark comes with the row of the person, so that a face costs no query. The portal answers the address
// (apps/portal/profile), to those who may see the person; who may not sees the initials that stand behind.
#pragma once

#include "base/describe.hpp"
#include "identity/viewer.hpp"

#include <string>
#include <string_view>

namespace preau::sharing {

struct Face {
    std::string initials;
    std::string picture; // address; empty: none
};
PREAU_DESCRIBE(Face, initials, picture)

enum class FaceSize { Small = 96, Large = 320 }; // pixels of a side
std::string picture_address(PersonId person, std::string_view mark, FaceSize size); // empty without a mark
Face face_of(PersonId person, std::string_view name, std::string_view mark, FaceSize size = FaceSize::Small);

} // namespace preau::sharing
