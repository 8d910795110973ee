"""Ways through the services, by what they are about; played in the cities of `test_the_way_of_reports`, which starts
the suites: a suite that starts costs more than all that is played in it.
"""
