# SPDX-License-Identifier: Apache-2.0
# Sources from the Debian archive (or a derivative's), as an ordinary user: apt with a private configuration inside the
# sources folder and the mirror this machine already uses.
#
#   twintls_from_debian(name folder archive_out version_out sha256_out origin_out reason_out)
#
# Suites are tried one after another until one carries the archive with the pinned hash; failing that, the newest version
# in the supported range is taken, checked against the hash in the suite's signed index.
include_guard(GLOBAL)

set(TWINTLS_DEBIAN_SUITES "" CACHE STRING "Suites to search for source packages; empty: a list chosen for this distribution")

function(twintls_from_debian name folder archive_out version_out sha256_out origin_out reason_out)
    set(${archive_out} "" PARENT_SCOPE)
    find_program(TWINTLS_APT_GET apt-get)
    find_program(TWINTLS_APT_CACHE apt-cache)
    mark_as_advanced(TWINTLS_APT_GET TWINTLS_APT_CACHE)
    if(NOT TWINTLS_APT_GET OR NOT TWINTLS_APT_CACHE)
        set(${reason_out} "no apt-get on this machine" PARENT_SCOPE)
        return()
    endif()
    twintls_debian_site_(site)
    if(NOT site)
        set(${reason_out} "apt on this machine names no mirror" PARENT_SCOPE)
        return()
    endif()
    twintls_debian_suites_(suites components)

    set(best_version "")
    set(seen "")
    foreach(suite IN LISTS suites)
        twintls_debian_suite_(${suite} "${site}" "${components}" "${folder}/.apt-${suite}" state reason)
        if(NOT state)
            string(APPEND seen "\n     ${suite}: ${reason}")
            continue()
        endif()
        twintls_debian_candidates_(${name} "${folder}/.apt-${suite}" ${state} candidates)
        if(NOT candidates)
            string(APPEND seen "\n     ${suite}: no usable version of ${twintls_${name}_debian}")
        endif()
        foreach(candidate IN LISTS candidates)
            string(REPLACE "|" ";" candidate "${candidate}")
            list(POP_FRONT candidate version sha256 package_version)
            string(APPEND seen "\n     ${suite}: ${package_version}")
            if(best_version AND best_sha256 STREQUAL twintls_${name}_sha256)
                break()
            elseif(sha256 STREQUAL twintls_${name}_sha256 OR NOT best_version OR version VERSION_GREATER best_version)
                set(best_version "${version}")
                set(best_sha256 "${sha256}")
                set(best_package "${twintls_${name}_debian}=${package_version}")
                set(best_suite "${suite}")
            endif()
        endforeach()
        if(best_version AND best_sha256 STREQUAL twintls_${name}_sha256)
            break()
        endif()
    endforeach()
    if(NOT best_version)
        set(${reason_out} "${seen}" PARENT_SCOPE)
        return()
    endif()

    twintls_debian_download_(${name} "${folder}" ${best_suite} "${best_package}" ${best_sha256} archive reason)
    if(archive)
        set(${archive_out} "${archive}" PARENT_SCOPE)
        set(${version_out} "${best_version}" PARENT_SCOPE)
        set(${sha256_out} "${best_sha256}" PARENT_SCOPE)
        if(best_sha256 STREQUAL twintls_${name}_sha256)
            set(origin "the Debian source archive (${best_suite}, ${best_package}), identical to the pinned release")
        else()
            set(origin "the Debian source archive (${best_suite}, ${best_package}), INSTEAD of the pinned ${twintls_${name}_version}")
        endif()
        set(${origin_out} "${origin}" PARENT_SCOPE)
    else()
        set(${reason_out} "${reason}" PARENT_SCOPE)
    endif()
endfunction()

# The first mirror apt knows that is not a security archive (those carry neither library's source in general).
function(twintls_debian_site_ out)
    execute_process(COMMAND "${TWINTLS_APT_GET}" indextargets --format "$(SITE)"
        OUTPUT_VARIABLE sites ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    string(REPLACE "\n" ";" sites "${sites}")
    list(FILTER sites EXCLUDE REGEX "security")
    set(${out} "" PARENT_SCOPE)
    foreach(site IN LISTS sites)
        if(site MATCHES "/(debian|ubuntu|raspbian|ubuntu-ports)/?$")
            set(${out} "${site}" PARENT_SCOPE)
            return()
        endif()
    endforeach()
    if(sites)
        list(GET sites 0 site)
        set(${out} "${site}" PARENT_SCOPE)
    endif()
endfunction()

function(twintls_debian_suites_ suites_out components_out)
    set(id "debian")
    set(codename "")
    if(EXISTS /etc/os-release)
        file(STRINGS /etc/os-release lines REGEX "^(ID|VERSION_CODENAME)=")
        foreach(line IN LISTS lines)
            if(line MATCHES "^ID=\"?([a-z]+)")
                set(id "${CMAKE_MATCH_1}")
            elseif(line MATCHES "^VERSION_CODENAME=\"?([a-z]+)")
                set(codename "${CMAKE_MATCH_1}")
            endif()
        endforeach()
    endif()
    if(id STREQUAL "ubuntu")
        set(suites devel ${codename}-updates ${codename})
        set(components "main universe")
    else()
        set(suites sid forky trixie-updates trixie trixie-backports bookworm-backports bookworm-updates bookworm)
        set(components "main")
    endif()
    if(TWINTLS_DEBIAN_SUITES)
        set(suites "${TWINTLS_DEBIAN_SUITES}")
    endif()
    set(${suites_out} "${suites}" PARENT_SCOPE)
    set(${components_out} "${components}" PARENT_SCOPE)
endfunction()

# Fetches the source index of one suite, once per configure run. state: "signed", "unsigned" or "" with a reason.
#
# A stable release may lack the keys a younger suite is signed with. Such a suite is read without its signature, and
# then only an archive whose hash is the one pinned in this repository is taken from it: the hash is what vouches for it.
function(twintls_debian_suite_ suite site components apt_dir state_out reason_out)
    get_property(known GLOBAL PROPERTY TWINTLS_SUITE_${suite})
    if(known)
        list(POP_FRONT known state reason)
        string(REPLACE "none" "" state "${state}")
        set(${state_out} "${state}" PARENT_SCOPE)
        set(${reason_out} "${reason}" PARENT_SCOPE)
        return()
    endif()
    message(STATUS "twintls: reading the source index of ${suite}")
    set(keyring "")
    foreach(candidate IN ITEMS debian ubuntu raspbian)
        set(file "/usr/share/keyrings/${candidate}-archive-keyring.gpg")
        if(site MATCHES "/${candidate}" AND EXISTS "${file}")
            set(keyring "signed-by=${file}")
        endif()
    endforeach()

    set(state none)
    foreach(attempt IN ITEMS signed unsigned)
        set(option "${keyring}")
        if(attempt STREQUAL "unsigned")
            set(option "trusted=yes")
        endif()
        twintls_debian_write_configuration_("${apt_dir}" "deb-src [${option}] ${site} ${suite} ${components}")
        execute_process(COMMAND "${TWINTLS_APT_GET}" -q -c "${apt_dir}/apt.conf" update
            TIMEOUT 300 OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
        file(GLOB indexes "${apt_dir}/state/lists/*_Sources*")
        if(indexes)
            set(state ${attempt})
            break()
        endif()
        # Only a missing key is a reason to go on without the signature.
        if(NOT output MATCHES "NO_PUBKEY|not signed|EXPKEYSIG|couldn't be verified|not available")
            break()
        endif()
    endforeach()
    string(REGEX MATCH "[EW]: [^\n]*" reason "${output}")
    set_property(GLOBAL PROPERTY TWINTLS_SUITE_${suite} "${state};${reason}")
    string(REPLACE "none" "" state "${state}")
    set(${state_out} "${state}" PARENT_SCOPE)
    set(${reason_out} "${reason}" PARENT_SCOPE)
endfunction()

function(twintls_debian_write_configuration_ apt_dir source_line)
    file(REMOVE_RECURSE "${apt_dir}")
    file(MAKE_DIRECTORY "${apt_dir}/state/lists/partial" "${apt_dir}/cache/archives/partial" "${apt_dir}/etc")
    string(REPLACE "[] " "" source_line "${source_line}")
    file(WRITE "${apt_dir}/etc/sources.list" "${source_line}\n")
    # The machine's own configuration (proxies) is read first. Its hooks are for the system's package state, not for ours.
    file(WRITE "${apt_dir}/apt.conf"
"Dir::State \"${apt_dir}/state\";
Dir::State::lists \"${apt_dir}/state/lists\";
Dir::State::status \"/dev/null\";
Dir::Cache \"${apt_dir}/cache\";
Dir::Etc::sourcelist \"${apt_dir}/etc/sources.list\";
Dir::Etc::sourceparts \"/dev/null\";
APT::Sandbox::User \"root\";
APT::Get::List-Cleanup \"false\";
Acquire::Languages \"none\";
Acquire::Retries \"1\";
Acquire::http::Timeout \"20\";
Acquire::https::Timeout \"20\";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear Acquire::IndexTargets::deb-src;
Acquire::IndexTargets::deb-src::Sources { MetaKey \"$(COMPONENT)/source/Sources\"; Description \"Sources\"; };
")
endfunction()

# "version|sha256|package version" of every version in the index that may be used.
function(twintls_debian_candidates_ name apt_dir state out)
    execute_process(COMMAND "${TWINTLS_APT_CACHE}" -c "${apt_dir}/apt.conf" showsrc --only-source ${twintls_${name}_debian}
        OUTPUT_VARIABLE text ERROR_QUIET)
    string(REPLACE ";" "," text "${text}")
    string(REGEX REPLACE "\n\n+" ";" stanzas "${text}")
    set(candidates "")
    foreach(stanza IN LISTS stanzas)
        if(NOT stanza MATCHES "\nVersion: ([^\n]+)")
            continue()
        endif()
        set(package_version "${CMAKE_MATCH_1}")
        if(NOT stanza MATCHES "\nChecksums-Sha256:.* ([0-9a-f]+) [0-9]+ ${twintls_${name}_debian}_([^ \n]+)\\.orig\\.tar\\.[a-z0-9]+(\n|$)")
            continue()
        endif()
        set(sha256 "${CMAKE_MATCH_1}")
        set(version "${CMAKE_MATCH_2}")
        twintls_is_in_range_(fits ${name} ${version})
        if(sha256 STREQUAL twintls_${name}_sha256 OR (state STREQUAL "signed" AND version MATCHES "^[0-9.]+$" AND fits))
            list(APPEND candidates "${version}|${sha256}|${package_version}")
        endif()
    endforeach()
    set(${out} "${candidates}" PARENT_SCOPE)
endfunction()

function(twintls_debian_download_ name folder suite package sha256 archive_out reason_out)
    set(${archive_out} "" PARENT_SCOPE)
    set(target "${folder}/.download-${name}")
    file(REMOVE_RECURSE "${target}")
    file(MAKE_DIRECTORY "${target}")
    message(STATUS "twintls: downloading ${package} from ${suite}")
    execute_process(
        COMMAND "${TWINTLS_APT_GET}" -q -c "${folder}/.apt-${suite}/apt.conf" source --download-only --tar-only --only-source "${package}"
        WORKING_DIRECTORY "${target}" TIMEOUT 900 OUTPUT_VARIABLE output ERROR_VARIABLE output)
    file(GLOB archives "${target}/*.orig.tar.*")
    foreach(archive IN LISTS archives)
        twintls_matches_(ok "${archive}" ${sha256})
        if(ok)
            cmake_path(GET archive FILENAME file_name)
            file(RENAME "${archive}" "${folder}/${file_name}")
            file(REMOVE_RECURSE "${target}")
            set(${archive_out} "${folder}/${file_name}" PARENT_SCOPE)
            return()
        endif()
    endforeach()
    file(REMOVE_RECURSE "${target}")
    string(REGEX MATCH "[EW]: [^\n]*" reason "${output}")
    set(${reason_out} "${package} from ${suite}: ${reason}" PARENT_SCOPE)
endfunction()
