// `preau audit verify`: the chain of the journal, and its end as the file beside the database has it.
#include "installation.hpp"
#include "order.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace preau::server {

Outcome verify_audit(Site& site) {
    const auto verdict = site.audit.verify();
    if (!verdict.broken.empty())
        return failed(
            fmt::format("the audit journal is broken: {}. What comes before that place holds ({} blocks): keep "
                        "this directory as it is, and compare it with a backup",
                        verdict.broken, verdict.blocks));
    return done(fmt::format("The audit journal holds: {} entries, {} of them not sealed yet, {} blocks.\n"
                            "It ends with block {} {}\n",
                            verdict.entries, verdict.unsealed, verdict.blocks, verdict.blocks,
                            verdict.blocks ? hex(verdict.hash) : "(none)"));
}

} // namespace preau::server
