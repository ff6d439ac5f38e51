// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

struct engine_without_core : fake::engine {
private:
    using fake::engine::core;
};

struct half_a_backend : fake::backend {
#if defined(MUST_FAIL)
    using engine = engine_without_core;
#else
    using engine = fake::engine;
#endif
    static tls::result<engine> make_engine(context const& c, tls::server_name const& name) noexcept;
};

auto configured = tls::client<half_a_backend>::configure();
