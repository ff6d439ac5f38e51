# SPDX-License-Identifier: Apache-2.0
# twintls_find_asio(): defines twintls::asio and twintls::boost_asio, for the Asio that is on this system, if it is: twintls::core
# and the folder of Asio's headers. Used by twintls itself and by its installed package.
include_guard(GLOBAL)

# twintls_asio_target(<name> <header> <definition>...)
function(twintls_asio_target name header)
    if(TARGET twintls::${name})
        return()
    endif()
    string(TOUPPER "TWINTLS_${name}_INCLUDE_DIR" folder)
    find_path(${folder} "${header}")
    mark_as_advanced(${folder})
    if(NOT ${folder})
        return()
    endif()
    add_library(twintls::${name} INTERFACE IMPORTED GLOBAL)
    target_include_directories(twintls::${name} SYSTEM INTERFACE "${${folder}}")
    target_compile_definitions(twintls::${name} INTERFACE ${ARGN})
    target_link_libraries(twintls::${name} INTERFACE twintls::core)
endfunction()

function(twintls_find_asio)
    twintls_asio_target(asio asio.hpp ASIO_STANDALONE)
    twintls_asio_target(boost_asio boost/asio.hpp TWINTLS_ASIO_BOOST)
endfunction()
