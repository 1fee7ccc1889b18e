// Ways to sign in are a list: the page shows what was registered, in order, and knows none of them by name.
#pragma once

#include <string>

namespace preau::identity {

struct SignInMethod {
    std::string name;      // "password"; `kind` of its rows in sign_in_method
    std::string label_key; // translation key of the form's heading or the button
    std::string address;   // where the form posts to, or where the button leads
    enum class Shape { LoginAndSecret, Button } shape = Shape::Button;
};

} // namespace preau::identity
