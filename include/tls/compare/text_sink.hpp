// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>

namespace tls {

/// Where text goes: anything that can be called with a `std::string_view`, several times, in order.
///
/// Refers to it, so it must outlive the call that it is given to. What it throws passes through. The views are valid
/// during the call only.
class text_sink {
public:
    template <class F>
        requires std::invocable<F&, std::string_view> && (!std::same_as<std::remove_cvref_t<F>, text_sink>)
    text_sink(F&& f) noexcept { // NOLINT(google-explicit-constructor, bugprone-forwarding-reference-overload)
        using callable = std::remove_reference_t<F>;
        if constexpr (std::is_function_v<callable>) {
            function_ = reinterpret_cast<void (*)()>(std::addressof(f));
            call_ = [](text_sink const& s, std::string_view text) { reinterpret_cast<callable*>(s.function_)(text); };
        } else {
            object_ = const_cast<void*>(static_cast<void const*>(std::addressof(f)));
            call_ = [](text_sink const& s, std::string_view text) {
                std::invoke(*static_cast<callable*>(s.object_), text);
            };
        }
    }

    void operator()(std::string_view text) const { call_(*this, text); }

private:
    void* object_ = nullptr; // or a function
    void (*function_)() = nullptr;
    void (*call_)(text_sink const&, std::string_view) = nullptr;
};

} // namespace tls
