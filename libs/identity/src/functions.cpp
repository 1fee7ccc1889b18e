#include "identity/functions.hpp"

#include "base/secret.hpp"
#include "function_store.hpp"
#include "structure_store.hpp"

#include "identity/attachments.hpp"

#include <algorithm>

namespace preau::identity {

Subject function_in(std::string_view function, StructureId structure) {
    const auto digest = sha256(to_text(structure) + ' ' + std::string{function});
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(digest[i]);
    number &= 0x7fff'ffff'ffff'ffff;
    return {Subject::Kind::Function, std::max<std::int64_t>(static_cast<std::int64_t>(number), 1)};
}

Result<Subject> address_function(db::Tx& tx, std::string_view function, StructureId structure) {
    if (!well_formed_function(function)) return invalid("to", "identity.function_word");
    if (!store::find_structure(tx, structure)) return not_found("identity.structure");
    const auto subject = function_in(function, structure);
    store::insert_function_subject(tx, subject.id, structure, function);
    return subject;
}

} // namespace preau::identity
