#include "wire.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace preau::sandbox {
namespace {

constexpr std::size_t largest_datagram = 64 * 1024;

bool send_datagram(int socket, std::string bytes, const int* descriptors, std::size_t count) {
    iovec part{bytes.data(), bytes.size()};
    alignas(cmsghdr) char room[CMSG_SPACE(2 * sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (count > 0) {
        message.msg_control = room;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
        auto* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(count * sizeof(int));
        std::memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
    }
    ssize_t sent = 0;
    do {
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == static_cast<ssize_t>(bytes.size());
}

bool receive_datagram(int socket, std::string& bytes, std::vector<Descriptor>& descriptors) {
    bytes.resize(largest_datagram);
    iovec part{bytes.data(), bytes.size()};
    alignas(cmsghdr) char room[CMSG_SPACE(2 * sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = room;
    message.msg_controllen = sizeof room;
    ssize_t got = 0;
    do {
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    for (auto* header = CMSG_FIRSTHDR(&message); got > 0 && header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        const auto count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int number = -1;
            std::memcpy(&number, CMSG_DATA(header) + i * sizeof(int), sizeof number);
            descriptors.emplace_back(number);
        }
    }
    if (got <= 0 || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) return false;
    bytes.resize(static_cast<std::size_t>(got));
    return true;
}

void append_word(std::string& bytes, const std::string& word) { bytes.append(word.c_str(), word.size() + 1); }

} // namespace

void Descriptor::close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
}

Pipe make_pipe() {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) return {};
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return {Descriptor{ends[0]}, Descriptor{ends[1]}};
}

bool send_order(int socket, const WireOrder& order) {
    auto head = order.head;
    int descriptors[2];
    std::size_t count = 0;
    head.has_input = bool{order.input};
    head.has_output = bool{order.output};
    if (head.has_input) descriptors[count++] = order.input.get();
    if (head.has_output) descriptors[count++] = order.output.get();
    std::string bytes(reinterpret_cast<const char*>(&head), sizeof head);
    append_word(bytes, order.input_name);
    append_word(bytes, order.output_name);
    for (const auto& word : order.command) append_word(bytes, word);
    return bytes.size() <= largest_datagram && send_datagram(socket, std::move(bytes), descriptors, count);
}

bool receive_order(int socket, WireOrder& order) {
    std::string bytes;
    std::vector<Descriptor> descriptors;
    if (!receive_datagram(socket, bytes, descriptors) || bytes.size() < sizeof order.head || bytes.back() != '\0')
        return false;
    std::memcpy(static_cast<void*>(&order.head), bytes.data(), sizeof order.head);
    std::vector<std::string> words;
    for (std::size_t at = sizeof order.head; at < bytes.size(); at += words.back().size() + 1)
        words.emplace_back(bytes.c_str() + at);
    const std::size_t expected = (order.head.has_input ? 1U : 0U) + (order.head.has_output ? 1U : 0U);
    if (words.size() < 3 || descriptors.size() != expected) return false;
    order.input_name = words[0];
    order.output_name = words[1];
    order.command.assign(words.begin() + 2, words.end());
    std::size_t next = 0;
    if (order.head.has_input) order.input = std::move(descriptors[next++]);
    if (order.head.has_output) order.output = std::move(descriptors[next++]);
    return true;
}

bool send_answer(int socket, const WireAnswer& answer) {
    std::string bytes(reinterpret_cast<const char*>(&answer.head), sizeof answer.head);
    return send_datagram(socket, bytes + answer.text, nullptr, 0);
}

bool receive_answer(int socket, WireAnswer& answer) {
    std::string bytes;
    std::vector<Descriptor> descriptors;
    if (!receive_datagram(socket, bytes, descriptors) || bytes.size() < sizeof answer.head) return false;
    std::memcpy(static_cast<void*>(&answer.head), bytes.data(), sizeof answer.head);
    answer.text = bytes.substr(sizeof answer.head);
    return true;
}

} // namespace preau::sandbox
