#include "sharing/face.hpp"

#include "web/initials.hpp"

namespace preau::sharing {

std::string picture_address(PersonId person, std::string_view mark, FaceSize size) {
    if (mark.empty()) return {};
    return "/people/" + to_text(person) + "/picture/" + std::string{mark} + '/' +
           std::to_string(static_cast<int>(size));
}

Face face_of(PersonId person, std::string_view name, std::string_view mark, FaceSize size) {
    return {.initials = web::initials_of(name), .picture = picture_address(person, mark, size)};
}

} // namespace preau::sharing
