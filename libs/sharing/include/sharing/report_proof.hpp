// "Signaler" for somebody who may no longer see an item but holds a page of ours about it, a receipt.
#pragma once

#include "identity/sessions.hpp"
#include "sharing/item.hpp"

#include <string>

namespace preau::sharing {

// For Shell::report, like report_address(): the address proves that we showed it, and the title stays untold.
std::string report_address_with_proof(const identity::Identity& identity, ItemId item);

} // namespace preau::sharing
