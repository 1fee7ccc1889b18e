// From events to entries of the audit journal.
#pragma once

#include "sharing/audit.hpp"

#include <span>

namespace preau::sharing {

// Kinds of events that change who may do what, or make things come and go.
std::vector<std::string> audited_kinds(); // prefixes

// In the order of the events; one transaction, so each stands once.
void append_audit(db::Tx& tx, World& world, std::span<const jobs::Event> events);

} // namespace preau::sharing
