# A worker gets the whole environment.
set(planted_in guard/launch.cpp)
set(proved_by secrets)
set(original [=[if (inheritable_variable(text.substr(0, text.find('=')))) kept]=])
set(mutated [=[if (!inheritable_variable("")) kept]=])
