// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include <tls/diagnosis/explain.hpp>

std::string tests::explained(tls::error const& e) { return tls::explain(e); }
