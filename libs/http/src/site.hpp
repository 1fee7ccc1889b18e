// The names under which this server may be asked, whom it believes about clients, and the headers that protect its
// pages.
#pragma once

#include "http/server.hpp"

namespace preau::http {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

class Site {
public:
    explicit Site(const ServerOptions& options);
    void set_port(std::uint16_t port); // localhost is accepted with the port we really listen on

    // Which origin answers this Host, or nothing: 421. Without the check a page of another site could be bound to our
    // address (DNS rebinding) and read what a browser inside the school's network may see.
    std::optional<Origin> origin_of(std::string_view host) const;
    bool trusts(std::string_view peer) const;
    // Peer, scheme and host from X-Forwarded-*, if the neighbour is a trusted proxy.
    void believe_proxy(Request& request) const;
    // What every answer carries unless it says otherwise itself.
    const HeaderList& default_headers(bool content_origin) const {
        return content_origin ? content_headers_ : main_headers_;
    }
    std::string_view page_policy(bool content_origin) const { return content_origin ? content_policy_ : page_policy_; }

private:
    std::string public_host_; // authority without a default port, lower case
    std::string content_host_;
    std::string public_name_; // without port
    std::string content_name_;
    std::string own_port_;
    std::vector<std::string> proxies_;
    HeaderList main_headers_;
    HeaderList content_headers_;
    std::string page_policy_;
    std::string content_policy_;
};

} // namespace preau::http
