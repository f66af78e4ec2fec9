"""What watches over the portal: alarms, antivirus, availability, workers, clocks that drift."""
