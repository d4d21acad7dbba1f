"""The doors of the web application: who may pass, what is answered, what is logged."""
