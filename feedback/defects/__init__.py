"""Problems people report (a lamp that is out, a full bin): a catalogue of services, reports with a reply clock, Open311."""
