#include "bus/bus.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <thread>

using namespace preau;

namespace {

struct Heard {
    std::vector<std::string> messages;
    bus::Handler handler() {
        return [this](const bus::Message& message) { messages.push_back(message.subject + "=" + message.body); };
    }
};

} // namespace

TEST_CASE("subjects and patterns are those of NATS") {
    for (const char* good : {"item", "item.6k2f.changed", "a-b.c_d.9"}) CHECK_MESSAGE(bus::is_subject(good), good);
    for (const char* bad : {"", ".", "item.", ".item", "item..changed", "item.*", "item.>", "é", "item changed"})
        CHECK_MESSAGE(!bus::is_subject(bad), bad);
    for (const char* good : {"*", ">", "item.*.changed", "item.>"}) CHECK_MESSAGE(bus::is_pattern(good), good);
    for (const char* bad : {"", "item.>.changed", "it*m", "item.", "item.**"})
        CHECK_MESSAGE(!bus::is_pattern(bad), bad);
    CHECK(bus::matches("item.*.changed", "item.6k2f.changed"));
    CHECK_FALSE(bus::matches("item.*.changed", "item.6k2f.gone"));
    CHECK_FALSE(bus::matches("item.*", "item.6k2f.changed"));
    CHECK_FALSE(bus::matches("item.*", "item"));
    CHECK(bus::matches("item.>", "item.6k2f.changed"));
    CHECK_FALSE(bus::matches("item.>", "item"));
    CHECK(bus::matches(">", "item"));
}

TEST_CASE("who listens hears, in order, and nobody else") {
    auto line = bus::in_process();
    Heard one, other, all;
    auto first = line->subscribe("item.1.changed", one.handler());
    auto second = line->subscribe("item.*.changed", other.handler());
    auto third = line->subscribe(">", all.handler());
    line->publish("item.1.changed", "a");
    line->publish("item.2.changed", "b");
    line->publish("person.1.changed");
    CHECK(one.messages == std::vector<std::string>{"item.1.changed=a"});
    CHECK(other.messages == std::vector<std::string>{"item.1.changed=a", "item.2.changed=b"});
    CHECK(all.messages.size() == 3);
}

TEST_CASE("a subscription ends with its object, also from inside its own handler") {
    auto line = bus::in_process();
    int heard = 0;
    bus::Subscription once;
    once = line->subscribe("item.1", [&](const bus::Message&) {
        ++heard;
        once = {};
    });
    line->publish("item.1");
    line->publish("item.1");
    CHECK(heard == 1);
    {
        auto short_lived = line->subscribe("item.1", [&](const bus::Message&) { ++heard; });
        line->publish("item.1");
    }
    line->publish("item.1");
    CHECK(heard == 2);
}

TEST_CASE("a handler may publish and subscribe") {
    auto line = bus::in_process();
    Heard echo;
    auto answers = line->subscribe("answer", echo.handler());
    bus::Subscription late;
    auto asks = line->subscribe("question", [&](const bus::Message& message) {
        late = line->subscribe("later", echo.handler());
        line->publish("answer", message.body);
    });
    line->publish("question", "42");
    line->publish("later");
    CHECK(echo.messages == std::vector<std::string>{"answer=42", "later="});
}

TEST_CASE("threads that publish, listen and leave at once meet no handler that has ended") {
    auto line = bus::in_process();
    std::atomic<bool> stop = false;
    std::atomic<int> heard = 0;
    std::vector<std::thread> publishers;
    for (int number = 0; number < 2; ++number)
        publishers.emplace_back([&] {
            while (!stop) line->publish("item.1.changed");
        });
    for (int turn = 0; turn < 2'000; ++turn) {
        auto alive = std::make_unique<int>(1); // gone right after its subscription
        auto listening = line->subscribe(turn % 2 ? "item.1.changed" : "item.>",
                                         [&, seen = alive.get()](const bus::Message&) { heard += *seen; });
        if (turn % 64 == 0)
            for (const int before = heard; heard == before;) std::this_thread::yield();
    }
    stop = true;
    for (auto& publisher : publishers) publisher.join();
    CHECK(heard > 30);
}

TEST_CASE("subjects that nobody listens to any more do not disturb the others") {
    auto line = bus::in_process();
    for (int number = 0; number < 200'000; ++number)
        static_cast<void>(line->subscribe("item." + std::to_string(number), [](const bus::Message&) {}));
    Heard one;
    auto still = line->subscribe("item.7", one.handler());
    line->publish("item.7");
    CHECK(one.messages.size() == 1);
}
